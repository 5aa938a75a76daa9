package io.gatehouse.protocol.chunk;

import io.gatehouse.api.artifact.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The chunks of an image, in order: for each its length, 4 bytes big endian, and its SHA-256, and nothing else. In memory it takes 44 bytes for each.
 */
public final class ChunkIndex {
    /** Bytes of an index at most: one of an image of 1.5 GiB or more. */
    public static final int LARGEST = 4 << 20;

    private static final int DIGEST = 32;
    private static final int ENTRY = Integer.BYTES + DIGEST;

    private final byte[] bytes;
    private final long[] ends;

    private ChunkIndex(byte[] bytes, long size) {
        this.bytes = bytes;
        this.ends = new long[bytes.length / ENTRY];
        ByteBuffer entries = ByteBuffer.wrap(bytes);
        long end = 0;
        for (int chunk = 0; chunk < ends.length; chunk++) {
            int length = entries.getInt(chunk * ENTRY);
            int least = chunk == ends.length - 1 ? 1 : Chunker.SMALLEST;
            if (length < least || length > Chunker.LARGEST) {
                throw new IllegalArgumentException("chunk " + chunk + " of the index must have " + least + " to "
                        + Chunker.LARGEST + " bytes: " + length);
            }
            end += length;
            ends[chunk] = end;
        }
        if (end != size) {
            throw new IllegalArgumentException("the index is of " + end + " bytes, and the image has " + size);
        }
    }

    /**
     * Reads an index.
     *
     * @param bytes of it; they are not copied, and nobody may change them afterwards
     * @param size bytes of the image
     * @throws IllegalArgumentException where it is no index of an image of this size
     */
    public static ChunkIndex read(byte[] bytes, long size) {
        if (bytes.length % ENTRY != 0 || bytes.length > LARGEST) {
            throw new IllegalArgumentException(
                    "an index has a multiple of " + ENTRY + " and at most " + LARGEST + " bytes: " + bytes.length);
        }
        return new ChunkIndex(bytes, size);
    }

    /** Makes the index of an image. One of a very large image may be longer than {@link #LARGEST}. */
    public static byte[] of(InputStream image) throws IOException {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        MessageDigest digest = Sha256.digest();
        Chunker.cut(image, (bytes, from, length) -> {
            digest.update(bytes, from, length);
            entries.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
            entries.writeBytes(digest.digest());
            return true;
        });
        return entries.toByteArray();
    }

    /** How many chunks there are. */
    public int count() {
        return ends.length;
    }

    /** Where a chunk begins in the image; that of the number after the last is the image's size. */
    public long begin(int chunk) {
        return chunk == 0 ? 0 : ends[chunk - 1];
    }

    public int length(int chunk) {
        return (int) (ends[chunk] - begin(chunk));
    }

    /** In which chunk a byte of the image lies. */
    public int at(long offset) {
        int found = Arrays.binarySearch(ends, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The first 8 bytes of a chunk's digest. */
    public long key(int chunk) {
        return ByteBuffer.wrap(bytes).getLong(chunk * ENTRY + Integer.BYTES);
    }

    /** Whether a chunk's digest is this one. */
    public boolean is(int chunk, byte[] digest) {
        int from = chunk * ENTRY + Integer.BYTES;
        return Arrays.equals(bytes, from, from + DIGEST, digest, 0, DIGEST);
    }
}
