package io.gatehouse.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final List<Long> bounds = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Backoff backoff = new Backoff(
            new RandomGenerator() {
                @Override
                public long nextLong() {
                    throw new AssertionError("a pause has a bound");
                }

                @Override
                public long nextLong(long bound) {
                    bounds.add(bound - 1);
                    return bound - 1;
                }
            },
            nanos::get);

    @Test
    void doublesFromHalfASecondToAMinute() {
        for (int i = 0; i < 10; i++) {
            backoff.next();
        }
        assertEquals(
                List.of(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L, 60_000L), bounds);
    }

    @Test
    void beginsAgainAfterAConnectionThatHeld() {
        backoff.next();
        backoff.next();
        backoff.connected();
        pass(6);
        assertEquals(Duration.ofMillis(500), backoff.next());
    }

    @Test
    void goesOnAfterAConnectionThatWasLostAtOnce() {
        backoff.next();
        backoff.connected();
        pass(4);
        assertEquals(Duration.ofMillis(1_000), backoff.next());
    }

    @Test
    void goesOnAfterAnAttemptThatTookLongAndFailed() {
        backoff.connected();
        pass(6);
        backoff.next();
        pass(20);
        assertEquals(Duration.ofMillis(1_000), backoff.next());
    }

    private void pass(int seconds) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
