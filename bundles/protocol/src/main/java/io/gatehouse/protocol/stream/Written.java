package io.gatehouse.protocol.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes records of what is written, and puts them into the stream's bytes as there is room. */
final class Written {
    static final int HEAD_BYTES = 3;
    static final byte DATA = 1;
    static final byte RESIZE = 2;
    static final byte END = 3;
    private static final int LONGEST = 0xFFFF;

    private final Ring ring;
    private Optional<Arrival.Resized> size = Optional.empty();
    private Optional<Arrival.Ended> end = Optional.empty();
    private boolean ended;

    Written(Ring ring) {
        this.ring = ring;
    }

    /** Writes as much as there is room for, once it is worth a record; says how much. */
    int data(byte[] bytes, int from, int length) {
        int worth = Math.min(length, ring.capacity() / 4);
        if (ended || length == 0 || size.isPresent() || ring.free() < HEAD_BYTES + worth) {
            return 0;
        }
        int taken = Math.min(Math.min(length, LONGEST), ring.free() - HEAD_BYTES);
        put(DATA, bytes, from, taken);
        return taken;
    }

    /** Another size; where the one before has found no room yet, instead of it. */
    void resize(Arrival.Resized to) {
        if (!ended) {
            size = Optional.of(to);
            settle();
        }
    }

    /** Nothing is written after it. */
    void end(Arrival.Ended last) {
        if (!ended) {
            ended = true;
            end = Optional.of(last);
            settle();
        }
    }

    /** Puts what has waited for room. */
    void settle() {
        if (size.isPresent() && put(RESIZE, sizeOf(size.get()))) {
            size = Optional.empty();
        }
        if (size.isEmpty() && end.isPresent() && put(END, endOf(end.get()))) {
            end = Optional.empty();
        }
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the end was written, and all is in the stream's bytes. */
    boolean isWhole() {
        return ended && size.isEmpty() && end.isEmpty();
    }

    private static byte[] sizeOf(Arrival.Resized to) {
        return ByteBuffer.allocate(2 * Short.BYTES)
                .putShort((short) to.columns())
                .putShort((short) to.rows())
                .array();
    }

    private static byte[] endOf(Arrival.Ended last) {
        byte[] reason = last.reason().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + reason.length)
                .putInt(last.code())
                .put(reason)
                .array();
    }

    private boolean put(byte type, byte[] content) {
        if (ring.free() < HEAD_BYTES + content.length) {
            return false;
        }
        put(type, content, 0, content.length);
        return true;
    }

    private void put(byte type, byte[] content, int from, int length) {
        byte[] head = ByteBuffer.allocate(HEAD_BYTES)
                .put(type)
                .putShort((short) length)
                .array();
        ring.add(head, 0, HEAD_BYTES);
        ring.add(content, from, length);
    }
}
