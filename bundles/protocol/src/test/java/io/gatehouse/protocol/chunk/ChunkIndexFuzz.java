package io.gatehouse.protocol.chunk;

import java.nio.ByteBuffer;

/** Whatever comes for an index of chunks. */
public final class ChunkIndexFuzz {
    private static final int ENTRY = 36;

    private ChunkIndexFuzz() {}

    /** Reads it as the index of an image of the size that its lengths add up to, and finds each chunk where it lies. */
    public static void fuzzerTestOneInput(byte[] data) {
        long size = 0;
        for (int at = 0; at + Integer.BYTES <= data.length; at += ENTRY) {
            size += ByteBuffer.wrap(data).getInt(at);
        }
        ChunkIndex index;
        try {
            index = ChunkIndex.read(data, size);
        } catch (IllegalArgumentException e) {
            String ignored = e.getMessage();
            return;
        }
        for (int chunk = 0; chunk < index.count(); chunk++) {
            if (index.length(chunk) < 1
                    || index.length(chunk) > Chunker.LARGEST
                    || index.at(index.begin(chunk)) != chunk
                    || index.key(chunk) != ByteBuffer.wrap(data).getLong(chunk * ENTRY + Integer.BYTES)) {
                throw new AssertionError("chunk " + chunk + " is not where it begins");
            }
        }
        if (index.begin(index.count()) != size) {
            throw new AssertionError("of " + size + " bytes the last chunk ends at " + index.begin(index.count()));
        }
    }
}
