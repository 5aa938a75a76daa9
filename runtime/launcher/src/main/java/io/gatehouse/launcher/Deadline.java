package io.gatehouse.launcher;

import java.time.Duration;

/** A moment by the clock that no one sets. */
final class Deadline {
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + saturated(time));
    }

    /** One that does not pass. */
    static Deadline never() {
        return new Deadline(System.nanoTime() + Long.MAX_VALUE / 2);
    }

    Deadline earlier(Duration time) {
        return new Deadline(nanos - saturated(time));
    }

    boolean hasPassed() {
        return nanosLeft() <= 0;
    }

    /** Nanoseconds from now; negative when it has passed. */
    long nanosLeft() {
        return nanos - System.nanoTime();
    }

    private static long saturated(Duration time) {
        return time.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365).toNanos() : time.toNanos();
    }
}
