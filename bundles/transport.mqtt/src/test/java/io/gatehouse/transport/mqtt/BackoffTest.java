package io.gatehouse.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final List<Long> bounds = new ArrayList<>();
    private final Backoff backoff = new Backoff(new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new AssertionError("a pause has a bound");
        }

        @Override
        public long nextLong(long bound) {
            bounds.add(bound - 1);
            return bound - 1;
        }
    });

    @Test
    void doublesFromHalfASecondToAMinute() {
        for (int i = 0; i < 10; i++) {
            backoff.next();
        }
        assertEquals(
                List.of(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L, 60_000L), bounds);
    }

    @Test
    void beginsAgainAfterWhatWentWell() {
        backoff.next();
        backoff.next();
        backoff.reset();
        assertEquals(Duration.ofMillis(500), backoff.next());
        assertTrue(bounds.contains(1_000L));
    }
}
