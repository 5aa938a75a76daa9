package io.gatehouse.protocol.stream;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One way of a stream, at its beginning: keeps bytes until they are acknowledged, and says which to send. Times are
 * nanoseconds of one clock.
 */
final class Sending {
    /** Some bytes to send; or none, to be answered. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Piece(boolean asks, long offset, byte[] data) {}

    private static final long NOWHERE = -1;

    private final Ring ring;
    private final ResendTime resendTime = new ResendTime();
    private long next;
    private long most;
    private long limit;

    /** Where the other side's word made all be sent again: its word for the same place is heard once. */
    private long sentAgainFrom = NOWHERE;
    /** After a time in which nothing was acknowledged: one frame at a time, until something is. */
    private boolean cautious;

    private boolean toAsk;
    private boolean unanswered;

    private boolean timed;
    private long due;

    private long measuredTo = NOWHERE;
    private long measuredFrom;

    Sending(Ring ring) {
        this.ring = ring;
    }

    /** Up to which offset anything was ever sent. */
    long most() {
        return most;
    }

    /** The offset of what is sent next. */
    long next() {
        return next;
    }

    /** What to send now; nothing where it is better, or necessary, to wait. */
    Optional<Piece> next(long now) {
        int length = length();
        Optional<Piece> piece = Optional.empty();
        if (length > 0) {
            piece = Optional.of(new Piece(false, next, ring.copy(next, length)));
            sent(length, now);
        } else if (toAsk) {
            piece = Optional.of(new Piece(true, next, new byte[0]));
        }
        toAsk = toAsk && piece.isEmpty();
        if (!timed) {
            time(now);
        }
        return piece;
    }

    /** What the other side says of what it has and takes; {@code acknowledged} is at most {@link #most}. */
    void heard(Segment segment, long now) {
        boolean further = segment.acknowledged() > ring.start();
        if (further) {
            ring.dropTo(segment.acknowledged());
            next = Math.max(next, ring.start());
            cautious = false;
            measure(now);
        }
        boolean wider = segment.acknowledged() + segment.credit() > limit;
        if (wider) {
            limit = segment.acknowledged() + segment.credit();
        }
        unanswered = false;
        if (segment.again() && segment.acknowledged() == ring.start() && sentAgainFrom != ring.start()) {
            sentAgainFrom = ring.start();
            rewind();
        }
        if (further || wider || !isWaiting()) {
            time(now);
        }
    }

    /** There is a link, for the first time or again: what is not acknowledged is sent at once, and an answer is asked for. */
    void connected(long now) {
        rewind();
        cautious = false;
        sentAgainFrom = NOWHERE;
        resendTime.afresh();
        ask(now);
    }

    /** Does what is due. */
    void tick(long now) {
        if (timed && now - due >= 0) {
            resendTime.missed();
            rewind();
            cautious = true;
            ask(now);
        }
    }

    /** When {@link #tick} has something to do. */
    OptionalLong due() {
        return timed ? OptionalLong.of(due) : OptionalLong.empty();
    }

    /** Small writes are joined while something is on its way; half of what can be on its way is not small. */
    private int length() {
        long possible = Math.min(Segment.MOST_DATA, Math.min(ring.end(), limit) - next);
        boolean idle = next == ring.start();
        boolean large = possible >= Math.min(Segment.MOST_DATA, ring.capacity() / 2);
        return idle || (large && !cautious) ? (int) Math.max(0, possible) : 0;
    }

    private void sent(int length, long now) {
        if (next == most && measuredTo == NOWHERE) {
            measuredTo = next + length;
            measuredFrom = now;
        }
        next += length;
        most = Math.max(most, next);
    }

    private void measure(long now) {
        if (measuredTo != NOWHERE && ring.start() >= measuredTo) {
            resendTime.measured(now - measuredFrom);
            measuredTo = NOWHERE;
        }
    }

    private void rewind() {
        next = ring.start();
        measuredTo = NOWHERE; // nobody could say which of the two was acknowledged
    }

    private void ask(long now) {
        toAsk = true;
        unanswered = true;
        time(now);
    }

    private boolean isWaiting() {
        return unanswered || next > ring.start() || (ring.end() > next && limit <= next);
    }

    private void time(long now) {
        timed = isWaiting();
        due = now + resendTime.nanos();
    }
}
