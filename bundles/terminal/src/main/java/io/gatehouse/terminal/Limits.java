package io.gatehouse.terminal;

import java.time.Duration;

/**
 * How many terminals, and for how long.
 *
 * @param most at once
 * @param ttl of a terminal that was asked for without one
 * @param longest that may be asked for
 * @param idle without a byte either way, until it ends
 * @param unused until it ends where nobody comes
 */
record Limits(int most, Duration ttl, Duration longest, Duration idle, Duration unused) {
    Limits {
        if (most < 1 || most > 64) {
            throw new IllegalArgumentException("most must be from 1 to 64 terminals: " + most);
        }
        positive("ttl", ttl);
        positive("longest", longest);
        positive("idle", idle);
        positive("unused", unused);
        if (ttl.compareTo(longest) > 0) {
            throw new IllegalArgumentException("ttl must be no longer than longest, " + longest + ": " + ttl);
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than nothing: " + value);
        }
    }
}
