package io.gatehouse.firmware;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after a failure: 1 min, doubling to 1 h; a quarter of it random, so that a fleet does not come back at once. Thread-safe. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final double RANDOM = 0.25;

    private final RandomGenerator random;
    private int failures; // guarded by this

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** After one more failure. */
    synchronized Duration next() {
        Duration pause = FIRST;
        for (int i = 0; i < failures && pause.compareTo(LONGEST) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        failures++;
        Duration most = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
        return Duration.ofMillis(Math.round(most.toMillis() * (1 - RANDOM * random.nextDouble())));
    }

    /** The next failure is the first again. */
    synchronized void reset() {
        failures = 0;
    }
}
