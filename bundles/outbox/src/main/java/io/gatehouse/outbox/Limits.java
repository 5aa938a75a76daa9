package io.gatehouse.outbox;

import java.time.Duration;

/**
 * What can be set.
 *
 * @param bytes how much may wait, on flash and in memory together
 * @param within how long an observation may be in memory only
 * @param drain how many observations that waited for long leave in a second; 0: as many as can
 * @param tail how many bytes of what was acknowledged are kept for {@code resend}
 */
record Limits(long bytes, Duration within, int drain, long tail) {
    private static final long LONGEST = 3600;

    /** In memory, of a heap of 32 MiB. */
    private static final long LARGEST_TAIL = 4 << 20;

    static Limits of(long bytes, int seconds, int drain, long tail) {
        require("bytes", bytes, 1, Long.MAX_VALUE);
        require("seconds", seconds, 0, LONGEST);
        require("drain", drain, 0, Integer.MAX_VALUE);
        require("tail", tail, 0, LARGEST_TAIL);
        return new Limits(bytes, Duration.ofSeconds(seconds), drain, tail);
    }

    /** Whether each observation is on flash before it counts as taken. */
    boolean eachAtOnce() {
        return within.isZero();
    }

    private static void require(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("io.gatehouse.outbox: " + name + " must be " + least
                    + (most == Long.MAX_VALUE ? " or more" : " to " + most) + ": " + value);
        }
    }
}
