package io.gatehouse.protocol.stream;

/** The bytes of a stream from one offset up to another, as many as there is room for. */
final class Ring {
    private final byte[] bytes;
    private long start;
    private long end;

    Ring(int capacity) {
        this.bytes = new byte[capacity];
    }

    int capacity() {
        return bytes.length;
    }

    /** The offset of the first byte that is kept. */
    long start() {
        return start;
    }

    /** The offset of the byte that comes next. */
    long end() {
        return end;
    }

    int size() {
        return (int) (end - start);
    }

    int free() {
        return bytes.length - size();
    }

    /** Adds bytes, for which there must be room. */
    void add(byte[] from, int at, int length) {
        if (length > free()) {
            throw new IllegalArgumentException(length + " bytes do not fit into " + free());
        }
        int position = position(end);
        int first = Math.min(length, bytes.length - position);
        System.arraycopy(from, at, bytes, position, first);
        System.arraycopy(from, at + first, bytes, 0, length - first);
        end += length;
    }

    /** Copies bytes, which must be there. */
    byte[] copy(long offset, int length) {
        if (offset < start || offset + length > end) {
            throw new IllegalArgumentException(
                    "there is " + start + " to " + end + ", not " + length + " at " + offset);
        }
        byte[] copy = new byte[length];
        int position = position(offset);
        int first = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, copy, 0, first);
        System.arraycopy(bytes, 0, copy, first, length - first);
        return copy;
    }

    /** Keeps only what is at this offset and after. */
    void dropTo(long offset) {
        if (offset < start || offset > end) {
            throw new IllegalArgumentException("there is " + start + " to " + end + ", not " + offset);
        }
        start = offset;
    }

    private int position(long offset) {
        return (int) (offset % bytes.length);
    }
}
