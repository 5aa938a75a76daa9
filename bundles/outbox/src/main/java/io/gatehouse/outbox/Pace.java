package io.gatehouse.outbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How fast observations leave that waited for long, so that a broker which is back is not flooded by all its devices at
 * once. Guarded by the lock of {@link Queue}.
 */
final class Pace {
    /** What waited for longer is backlog. */
    static final long OLD = Duration.ofSeconds(10).toNanos();

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** So much may leave at once that no clock needs to be exact. */
    private static final long BURST = SECOND / 20;

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long apart;
    private long next;
    private long oldBefore;

    /** This number was given then, and those that are lower before. */
    private record Mark(long number, long time) {}

    Pace(int perSecond, long now) {
        perSecond(perSecond);
        next = now;
    }

    /** From now on so many leave in a second; 0: as many as can. */
    void perSecond(int messages) {
        apart = messages == 0 ? 0 : SECOND / messages;
    }

    /** Numbers up to this are old. */
    void old(long number) {
        oldBefore = Math.max(oldBefore, number + 1);
    }

    /** A number was given to what is on flash, and was put then. */
    void given(long number, long since) {
        forget(since);
        Mark last = marks.peekLast();
        if (last == null) {
            oldBefore = number;
        }
        if (last == null || since - last.time >= SECOND) {
            marks.addLast(new Mark(number, since));
        }
    }

    boolean isOld(long number, long now) {
        forget(now);
        return number < oldBefore;
    }

    private void forget(long now) {
        Mark first = marks.peekFirst();
        while (first != null && now - first.time > OLD + SECOND) {
            marks.removeFirst();
            first = marks.peekFirst();
            oldBefore = first == null ? Long.MAX_VALUE : first.number;
        }
    }

    /** How long until one that is old may leave; 0: now. */
    long pause(long now) {
        return apart == 0 ? 0 : Math.max(0, next - now - BURST);
    }

    /** One that is old leaves. */
    void leaves(long now) {
        next = (next - now > 0 ? next : now) + apart;
    }
}
