package io.gatehouse.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One change, as it lies in a segment: checksum, length of what follows, kind, table, number, length of key, key, bytes; numbers
 * are big-endian. The checksum begins with the segment's salt, so that bytes which somebody put into a value never read as
 * a frame, however a segment is damaged.
 *
 * @param item what changes; where records are removed, the first of them
 * @param bytes the value, the record, the table's name; the last number that is removed
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares frames
record Frame(Kind kind, Item item, byte[] bytes) {
    /** Its checksum and length. */
    static final int HEAD = 8;

    private static final int LEAST = 1 + 4 + 8 + 1;
    private static final int MOST = LEAST + 255 + (1 << 20);

    /** What it says. */
    enum Kind {
        NAME(0),
        PUT(1),
        DROP(2),
        APPEND(3),
        REMOVE(4);

        private static final Kind[] ALL = values();

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Optional<Kind> of(byte code) {
            for (Kind kind : ALL) {
                if (kind.code == code) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    static Frame name(int table, String name) {
        return new Frame(Kind.NAME, new Item(table, 0, ""), name.getBytes(StandardCharsets.UTF_8));
    }

    static Frame drop(Item item) {
        return new Frame(Kind.DROP, item, new byte[0]);
    }

    static Frame remove(int table, long from, long to) {
        return new Frame(
                Kind.REMOVE,
                new Item(table, from, ""),
                ByteBuffer.allocate(Long.BYTES).putLong(to).array());
    }

    /** A value or record. */
    static Frame of(Item item, byte[] bytes) {
        return new Frame(item.key().isEmpty() ? Kind.APPEND : Kind.PUT, item, bytes);
    }

    /** The last number that is removed. */
    long to() {
        return ByteBuffer.wrap(bytes).getLong();
    }

    /** The table's name. */
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** How many bytes it takes in a segment. */
    int length() {
        return length(item, bytes.length);
    }

    static int length(Item item, int bytes) {
        return HEAD + LEAST + item.key().getBytes(StandardCharsets.UTF_8).length + bytes;
    }

    void write(ByteBuffer out, int salt) {
        byte[] key = item.key().getBytes(StandardCharsets.UTF_8);
        int start = out.position();
        out.putInt(0).putInt(LEAST + key.length + bytes.length);
        out.put(kind.code).putInt(item.table()).putLong(item.number());
        out.put((byte) key.length).put(key).put(bytes);
        out.putInt(start, checksum(out.array(), out.arrayOffset() + start, out.position() - start, salt));
    }

    /** The frame that begins there, if a whole and undamaged one does. */
    static Optional<Frame> at(byte[] segment, int offset, int salt) {
        if (segment.length - offset < HEAD + LEAST) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(segment, offset, segment.length - offset);
        int checksum = in.getInt();
        int length = in.getInt();
        if (length < LEAST
                || length > MOST
                || length > in.remaining()
                || checksum != checksum(segment, offset, HEAD + length, salt)) {
            return Optional.empty();
        }
        Optional<Kind> kind = Kind.of(in.get());
        int table = in.getInt();
        long number = in.getLong();
        byte[] key = new byte[Math.min(in.get() & 0xff, length - LEAST)];
        in.get(key);
        byte[] bytes = new byte[length - LEAST - key.length];
        in.get(bytes);
        Item item = new Item(table, number, new String(key, StandardCharsets.UTF_8));
        return kind.map(known -> new Frame(known, item, bytes));
    }

    private static int checksum(byte[] bytes, int offset, int length, int salt) {
        CRC32C crc = new CRC32C();
        crc.update(salt >>> 24);
        crc.update(salt >>> 16);
        crc.update(salt >>> 8);
        crc.update(salt);
        crc.update(bytes, offset + Integer.BYTES, length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
