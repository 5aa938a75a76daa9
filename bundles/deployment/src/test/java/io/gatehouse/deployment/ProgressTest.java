package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private long now = Long.MAX_VALUE - 1;
    private final Progress progress = new Progress(() -> now);

    @Test
    void stepIsToldAtOnceAndThenTwiceASecond() {
        assertEquals(Optional.of(Map.of("step", "fetch")), progress.of("fetch", 0));
        pass(499);
        assertEquals(Optional.empty(), progress.of("fetch", 0.1));
        pass(1);
        assertEquals(Optional.of(Map.of("step", "fetch", "progress", 0.667)), progress.of("fetch", 2 / 3.0));
        assertEquals(Optional.of(Map.of("step", "verify")), progress.of("verify", 0));
    }

    @Test
    void stepThatBeginsAgainIsToldAgain() {
        assertEquals(Optional.of(Map.of("step", "fetch")), progress.of("fetch", 0));
        progress.end();
        assertEquals(Optional.of(Map.of("step", "fetch")), progress.of("fetch", 0));
    }

    private void pass(long millis) {
        now += Duration.ofMillis(millis).toNanos();
    }
}
