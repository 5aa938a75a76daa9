package io.gatehouse.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The log, in files. It is written at its end and deleted from its beginning, never in the middle: a frame that says that another is
 * gone is always newer than that one. Writing and deleting is for one thread at a time, reading under the lock of {@link Depot}.
 */
final class Segments implements Closeable {
    private static final System.Logger LOG = System.getLogger(Segments.class.getName());

    /** Far more than is ever written to one. */
    private static final long MOST_BYTES = 16 << 20;

    private final Folder folder;
    private final Sink.Opener opener;
    private final Random random;
    private final NavigableMap<Long, Segment> all = new ConcurrentSkipListMap<>();
    private volatile long segmentBytes;

    // where the log ends
    private @Nullable Segment current;
    private @Nullable Sink sink;
    private long lastNumber;

    // what was read last
    private @Nullable RandomAccessFile reader;
    private long readerNumber;

    Segments(Folder folder, long segmentBytes, Sink.Opener opener, Random random) {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        this.opener = opener;
        this.random = random;
    }

    /** From now on a segment that reached this size is followed by a new one. */
    void segmentBytes(long bytes) {
        segmentBytes = bytes;
    }

    long segmentBytes() {
        return segmentBytes;
    }

    /** Finds the segments that are there; to be called before anything else. */
    Collection<Segment> find() {
        for (Path file : folder.list()) {
            try {
                Segment.of(file, Files.size(file)).ifPresent(segment -> all.put(segment.number(), segment));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "cannot read " + file, e);
            }
        }
        lastNumber = all.isEmpty() ? 0 : all.lastKey();
        return all();
    }

    /** From the oldest to the newest; a copy. */
    Collection<Segment> all() {
        return List.copyOf(all.values());
    }

    /**
     * A segment's bytes.
     *
     * @throws IOException where it cannot be read now; that need not be so for ever
     */
    byte[] bytes(Segment segment) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment.file().toFile(), "r")) {
            if (file.length() > MOST_BYTES) {
                throw new IOException("a broken file system makes up " + file.length() + " bytes of " + segment);
            }
            byte[] bytes = new byte[(int) file.length()];
            file.readFully(bytes);
            return bytes;
        }
    }

    /** Leaves a segment as it is, for somebody to look at. */
    void ignore(Segment segment) {
        all.remove(segment.number());
    }

    /** How many bytes of flash they take. */
    long total() {
        return all.values().stream().mapToLong(Segment::end).sum();
    }

    /** How many of those are still wanted. */
    long live() {
        return all.values().stream().mapToLong(Segment::live).sum();
    }

    int count() {
        return all.size();
    }

    Optional<Segment> find(long number) {
        return Optional.ofNullable(all.get(number));
    }

    /** The oldest that is no longer written to. */
    Optional<Segment> oldest() {
        return Optional.ofNullable(all.firstEntry())
                .map(entry -> entry.getValue())
                .filter(segment -> segment != current);
    }

    /**
     * Writes frames, and the names of their tables each time anew: without its name nobody knows what a frame is about.
     *
     * @return their places, in the same order; when this returns they outlive a power cut
     * @throws IOException where they do not; whatever was written of them may or may not be found later
     */
    List<Long> write(List<Frame> frames, IntFunction<String> names) throws IOException {
        Segment segment = writable();
        List<Frame> with = new ArrayList<>(frames.size() + 1);
        Set<Integer> named = new HashSet<>();
        int bytes = 0;
        for (Frame frame : frames) {
            int table = frame.item().table();
            if (named.add(table)) {
                with.add(Frame.name(table, names.apply(table)));
                bytes += with.get(with.size() - 1).length();
            }
            with.add(frame);
            bytes += frame.length();
        }
        byte[] whole = new byte[bytes];
        ByteBuffer out = ByteBuffer.wrap(whole);
        List<Long> places = new ArrayList<>(frames.size());
        for (Frame frame : with) {
            if (frame.kind() != Frame.Kind.NAME) {
                places.add(Place.of(segment.number(), segment.end() + out.position()));
            }
            frame.write(out, segment.salt());
        }
        write(segment, whole);
        return places;
    }

    Frame read(long place, int length) throws IOException {
        Segment segment = find(Place.segment(place)).orElseThrow(() -> new IOException("its segment is gone"));
        byte[] bytes = new byte[length];
        RandomAccessFile file = reader(segment);
        file.seek(Place.offset(place));
        file.readFully(bytes);
        return Frame.at(bytes, 0, segment.salt())
                .orElseThrow(() -> new DamagedException(
                        "damaged: " + length + " bytes at " + Place.offset(place) + " of " + segment));
    }

    /** Nobody reads it any more. */
    void forget(Segment segment) throws IOException {
        all.remove(segment.number());
        if (readerNumber == segment.number()) {
            closeReader();
        }
    }

    /** Deletes the oldest, which was forgotten, so that it does not come back after those that are deleted later. */
    void delete(Segment segment) throws IOException {
        try {
            Files.deleteIfExists(segment.file());
        } catch (IOException e) {
            all.put(segment.number(), segment);
            throw e;
        }
        folder.sync();
    }

    @Override
    public void close() throws IOException {
        closeReader();
        if (sink != null) {
            sink.close();
        }
        folder.close();
    }

    private void write(Segment segment, byte[] bytes) throws IOException {
        Sink to = sink;
        if (to == null) {
            throw new IOException("no file to write to");
        }
        try {
            to.write(bytes);
            to.sync();
            segment.end(segment.end() + bytes.length);
        } catch (IOException e) {
            abandon(segment, to, e);
            throw e;
        }
    }

    /** After a failed sync nobody knows what is on flash of it, nor would a second sync tell: what follows goes elsewhere. */
    private void abandon(Segment segment, Sink to, IOException cause) {
        current = null;
        sink = null;
        try (to) {
            to.truncate(segment.end());
            if (segment.end() == 0) {
                Files.deleteIfExists(segment.file());
                all.remove(segment.number());
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private Segment writable() throws IOException {
        if (current != null && current.end() < segmentBytes) {
            return current;
        }
        if (sink != null) {
            sink.close();
        }
        current = null;
        sink = null;
        folder.makeSure();
        Segment fresh = Segment.fresh(folder.path(), ++lastNumber, random.nextInt());
        Sink opened = opener.open(fresh.file());
        try {
            folder.sync();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        all.put(fresh.number(), fresh);
        sink = opened;
        current = fresh;
        return fresh;
    }

    private RandomAccessFile reader(Segment segment) throws IOException {
        RandomAccessFile open = reader;
        if (open == null || readerNumber != segment.number()) {
            closeReader();
            open = new RandomAccessFile(segment.file().toFile(), "r");
            reader = open;
            readerNumber = segment.number();
        }
        return open;
    }

    private void closeReader() throws IOException {
        RandomAccessFile open = reader;
        reader = null;
        readerNumber = 0;
        if (open != null) {
            open.close();
        }
    }
}
