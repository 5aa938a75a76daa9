package io.gatehouse.protocol.stream;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What is sealed in a frame.
 *
 * @param asks whether the other side is to say something at once
 * @param again whether something before the last frame that came is missing, and will be until it is sent again
 * @param acknowledged the offset of the byte that is expected next from the other side
 * @param credit how many bytes from there on are taken
 * @param offset of the first byte of the data, or of the next where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Segment(boolean asks, boolean again, long acknowledged, int credit, long offset, byte[] data) {
    static final int MOST_DATA = 16 << 10;
    private static final int HEAD_BYTES = 1 + Long.BYTES + Integer.BYTES + Long.BYTES;
    static final int MOST_BYTES = HEAD_BYTES + MOST_DATA;
    private static final int ASKS = 1;
    private static final int AGAIN = 2;

    byte[] write() {
        return ByteBuffer.allocate(HEAD_BYTES + data.length)
                .put((byte) ((asks ? ASKS : 0) | (again ? AGAIN : 0)))
                .putLong(acknowledged)
                .putInt(credit)
                .putLong(offset)
                .put(data)
                .array();
    }

    /** The segment; nothing where it is none. */
    static Optional<Segment> read(byte[] content) {
        if (content.length < HEAD_BYTES || content.length > MOST_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(content);
        int flags = buffer.get();
        long acknowledged = buffer.getLong();
        int credit = buffer.getInt();
        long offset = buffer.getLong();
        byte[] data = new byte[buffer.remaining()];
        buffer.get(data);
        boolean known = (flags & ~(ASKS | AGAIN)) == 0;
        if (!known || acknowledged < 0 || credit < 0 || offset < 0 || offset > Long.MAX_VALUE - data.length) {
            return Optional.empty();
        }
        return Optional.of(new Segment((flags & ASKS) != 0, (flags & AGAIN) != 0, acknowledged, credit, offset, data));
    }
}
