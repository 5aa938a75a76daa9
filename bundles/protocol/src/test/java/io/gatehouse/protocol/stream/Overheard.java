package io.gatehouse.protocol.stream;

import java.util.ArrayList;
import java.util.List;

/** Looks into all frames of one side, and holds them to the bounds. */
final class Overheard {
    private final Sealing sealing;
    private final Side receiver;
    private final List<Segment> segments = new ArrayList<>();
    private long acknowledged;
    private long allowed;

    /**
     * Who listens.
     *
     * @param sealing of the side that the frames are for
     */
    Overheard(Sealing sealing, Side receiver) {
        this.sealing = sealing;
        this.receiver = receiver;
    }

    void hear(byte[] frame, Overheard other) {
        Segment segment = sealing.open(frame).flatMap(Segment::read).orElseThrow();
        segments.add(segment);
        if (segment.acknowledged() < acknowledged || segment.acknowledged() + segment.credit() < allowed) {
            throw new AssertionError("what was granted is taken back");
        }
        acknowledged = segment.acknowledged();
        allowed = acknowledged + segment.credit();
        if (segment.credit() > receiver.other().window()) {
            throw new AssertionError("a credit of " + segment.credit());
        }
        long end = segment.offset() + segment.data().length;
        if (segment.data().length > 0 && (end > other.allowed || end - other.acknowledged > receiver.window())) {
            throw new AssertionError(end + " is more than was granted, " + other.allowed);
        }
    }

    List<Segment> segments() {
        return segments;
    }

    /** How many frames bore data. */
    long withData() {
        return segments.stream().filter(segment -> segment.data().length > 0).count();
    }
}
