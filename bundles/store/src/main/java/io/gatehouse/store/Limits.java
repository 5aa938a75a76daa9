package io.gatehouse.store;

import java.time.Duration;

/**
 * What can be set.
 *
 * @param within how long until what nobody synced is synced
 */
record Limits(Shares shares, Duration within) {
    private static final long LONGEST = 3600;

    static Limits of(Shares shares, int seconds) {
        if (seconds < 0 || seconds > LONGEST) {
            throw new IllegalArgumentException(
                    "io.gatehouse.store: seconds must be from 0 (each change at once) to " + LONGEST + ": " + seconds);
        }
        return new Limits(shares, Duration.ofSeconds(seconds));
    }
}
