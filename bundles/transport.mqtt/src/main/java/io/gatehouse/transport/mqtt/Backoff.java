package io.gatehouse.transport.mqtt;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: anything from nothing to a bound that doubles from half a second to a minute, so that thousands
 * of devices do not all come back to a broker at one moment. Not for use by several threads.
 */
final class Backoff {
    private static final long FIRST_MILLIS = 500;
    private static final long LONGEST_MILLIS = 60_000;

    /** A connection that held so long was a good one. */
    private static final long PROVEN_NANOS = Duration.ofSeconds(5).toNanos();

    private final RandomGenerator random;
    private final LongSupplier nanos;
    private long bound = FIRST_MILLIS;
    private boolean connected;
    private long since;

    /**
     * Before the first attempt.
     *
     * @param nanos as {@link System#nanoTime}
     */
    Backoff(RandomGenerator random, LongSupplier nanos) {
        this.random = random;
        this.nanos = nanos;
    }

    /** The attempt succeeded; what follows shows what it is worth. */
    void connected() {
        connected = true;
        since = nanos.getAsLong();
    }

    /** The pause before the next attempt. */
    Duration next() {
        if (connected && nanos.getAsLong() - since > PROVEN_NANOS) {
            bound = FIRST_MILLIS;
        }
        connected = false;
        Duration pause = Duration.ofMillis(random.nextLong(bound + 1));
        bound = Math.min(2 * bound, LONGEST_MILLIS);
        return pause;
    }
}
