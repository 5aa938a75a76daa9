package io.gatehouse.tunnel.ssh;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: from half to the whole of a time that doubles, so that many devices that lost one relay do not
 * come back at once.
 */
record Backoff(Duration first, Duration most, RandomGenerator random) {
    static Backoff withJitter(RandomGenerator random) {
        return new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), random);
    }

    /**
     * The pause before an attempt.
     *
     * @param attempt 0 for the first
     */
    Duration before(int attempt) {
        long whole = Math.min(most.toMillis(), first.toMillis() << Math.min(attempt, 20));
        return Duration.ofMillis(whole / 2 + random.nextLong(whole / 2 + 1));
    }
}
