package io.gatehouse.transport.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: anything from nothing to a bound that doubles from half a second to a minute, so that thousands
 * of devices do not all come back to a broker at one moment. Not for use by several threads.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 500;
    private static final long LONGEST_MILLIS = 60_000;

    private final RandomGenerator random;
    private long bound = FIRST_MILLIS;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The pause before the next attempt. */
    Duration next() {
        Duration pause = Duration.ofMillis(random.nextLong(bound + 1));
        bound = Math.min(2 * bound, LONGEST_MILLIS);
        return pause;
    }

    /** The last attempt went well. */
    void reset() {
        bound = FIRST_MILLIS;
    }
}
