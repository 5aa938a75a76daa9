package io.gatehouse.protocol.stream;

/** One way of a stream, at its end: holds bytes in their order until they are taken, and says how many more it takes. */
final class Receiving {
    private final Ring ring;
    private long told;
    private boolean owed;
    private boolean missing;

    Receiving(Ring ring) {
        this.ring = ring;
        this.told = ring.capacity(); // said with the first frame; nobody may be there to hear it yet
    }

    void heard(Segment segment) {
        int length = segment.data().length;
        owed |= segment.asks() || length > 0;
        if (length == 0) {
            return;
        }
        // Frames come in the order of their counters or not at all: what should have come before this will not come by
        // itself.
        missing |= segment.offset() > ring.end();
        long known = ring.end() - segment.offset();
        if (known >= 0 && known < length && length - known <= ring.free()) {
            ring.add(segment.data(), (int) known, (int) (length - known));
        }
    }

    /** Whether to say at once how far this is. */
    boolean isOwed() {
        return owed || ring.end() + ring.free() - told >= ring.capacity() / 2;
    }

    /** The segment that says how far this is, with that piece of the other way. */
    Segment with(Sending.Piece piece) {
        Segment segment = new Segment(piece.asks(), missing, ring.end(), ring.free(), piece.offset(), piece.data());
        told = ring.end() + ring.free();
        owed = false;
        missing = false;
        return segment;
    }

    /** The offset of the byte that is expected next. */
    long expected() {
        return ring.end();
    }
}
