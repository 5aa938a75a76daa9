package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.chunk.ChunkIndex;
import io.gatehouse.protocol.chunk.Chunker;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where chunks of an artifact are on this device. What was found is hashed again when it is read, so that neither a seed that changes nor two digests that
 * begin alike do any harm. It takes 16 bytes of memory for each chunk of the index. For one thread.
 */
final class Seeds implements Closeable {
    private static final System.Logger LOG = System.getLogger(Seeds.class.getName());
    private static final long NOWHERE = -1;
    private static final int MOST = 64;
    private static final int OFFSET_BITS = 48;
    private static final long OFFSET = (1L << OFFSET_BITS) - 1;

    private final ChunkIndex index;
    /** Of all chunks, sorted, each once. */
    private final long[] keys;
    /** Beside each key: the number of a seed and, in the lower bits, the offset there. */
    private final long[] places;

    private final List<RandomAccessFile> files = new ArrayList<>();
    private final MessageDigest digest = Sha256.digest();
    private int missing;
    /** While a seed is looked through. */
    private long at;

    private Seeds(ChunkIndex index) {
        this.index = index;
        this.keys = keys(index);
        this.places = new long[keys.length];
        Arrays.fill(places, NOWHERE);
        this.missing = keys.length;
    }

    private static long[] keys(ChunkIndex index) {
        long[] keys = new long[index.count()];
        Arrays.setAll(keys, index::key);
        Arrays.sort(keys);
        int count = 0;
        for (long key : keys) {
            if (count == 0 || key != keys[count - 1]) {
                keys[count++] = key;
            }
        }
        return Arrays.copyOf(keys, count);
    }

    /**
     * Looks through these, each once from front to back, until all of the index is found. One that cannot be read is said in the log.
     *
     * @throws ClosedByInterruptException where the thread was interrupted
     */
    static Seeds of(ChunkIndex index, List<Path> seeds) throws IOException {
        Seeds found = new Seeds(index);
        for (Path seed : seeds.subList(0, Math.min(MOST, seeds.size()))) {
            try {
                found.look(seed);
            } catch (ClosedByInterruptException e) {
                found.close();
                throw e;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot read all of " + seed + ": what it has is fetched", e);
            }
        }
        return found;
    }

    private void look(Path seed) throws IOException {
        long number = files.size();
        at = 0;
        try (InputStream in = Files.newInputStream(seed)) {
            files.add(new RandomAccessFile(seed.toFile(), "r"));
            Chunker.cut(in, (bytes, from, length) -> {
                digest.update(bytes, from, length);
                int found = Arrays.binarySearch(
                        keys, ByteBuffer.wrap(digest.digest()).getLong());
                if (found >= 0 && places[found] == NOWHERE) {
                    places[found] = number << OFFSET_BITS | at;
                    missing--;
                }
                at += length;
                return missing > 0;
            });
        }
    }

    /** Whether a chunk seems to be here. */
    boolean have(int chunk) {
        return places[place(chunk)] != NOWHERE;
    }

    /**
     * Reads a chunk from where it was found. Where it is not there any more, it is missing from here on, and so is all else of a seed that cannot be read.
     *
     * @param buffer gets it, from its beginning on
     * @return whether it is there
     */
    boolean read(int chunk, byte[] buffer) {
        long place = places[place(chunk)];
        if (place == NOWHERE) {
            return false;
        }
        int number = (int) (place >> OFFSET_BITS);
        try {
            RandomAccessFile file = files.get(number);
            file.seek(place & OFFSET);
            file.readFully(buffer, 0, index.length(chunk));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read seed " + number + ": the rest of it is fetched", e);
            for (int other = 0; other < places.length; other++) {
                places[other] = places[other] >> OFFSET_BITS == number ? NOWHERE : places[other];
            }
            return false;
        }
        digest.update(buffer, 0, index.length(chunk));
        if (index.is(chunk, digest.digest())) {
            return true;
        }
        places[place(chunk)] = NOWHERE;
        return false;
    }

    private int place(int chunk) {
        return Arrays.binarySearch(keys, index.key(chunk));
    }

    @Override
    public void close() throws IOException {
        for (RandomAccessFile file : files) {
            file.close();
        }
    }
}
