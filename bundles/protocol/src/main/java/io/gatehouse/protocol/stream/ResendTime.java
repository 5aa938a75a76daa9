package io.gatehouse.protocol.stream;

import java.time.Duration;

/**
 * After which time what was not acknowledged is sent again, after RFC 6298: what an acknowledgement takes on this way, and
 * twice as long after each time that none came.
 */
final class ResendTime {
    static final long LEAST = Duration.ofSeconds(1).toNanos();
    static final long MOST = Duration.ofSeconds(15).toNanos();
    private static final int MOST_DOUBLINGS = 4;

    private long smoothed = -1;
    private long variation;
    private int doublings;

    /** In nanoseconds. */
    long nanos() {
        long once = smoothed < 0 ? LEAST : Math.max(LEAST, smoothed + 4 * variation);
        return Math.min(MOST, Math.min(MOST, once) << doublings);
    }

    /** An acknowledgement came after so many nanoseconds, of what was sent once. */
    void measured(long nanos) {
        if (smoothed < 0) {
            smoothed = nanos;
            variation = nanos / 2;
        } else {
            variation += (Math.abs(smoothed - nanos) - variation) / 4;
            smoothed += (nanos - smoothed) / 8;
        }
        doublings = 0;
    }

    void missed() {
        doublings = Math.min(MOST_DOUBLINGS, doublings + 1);
    }

    /** Forgets how often none came. */
    void afresh() {
        doublings = 0;
    }
}
