package io.gatehouse.cli.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RollTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(1));

    private static final Count NOBODY = new Count(0, 0, 0, 0, 0);

    private final Roll roll = new Roll(new Steps(List.of(1, 10, 100)), new Bound(2, true), Duration.ofMinutes(10));

    private Decision decide(int percent, Count count, Instant lastEnd) {
        return roll.decide(percent, count, count, Optional.of(lastEnd), NOW);
    }

    @Test
    void beginsWithTheFirstStep() {
        assertEquals(new Decision.Widen(1), roll.decide(0, NOBODY, NOBODY, Optional.empty(), NOW));
    }

    @Test
    void widensWhenAllThatAreThereAppliedIt() {
        assertEquals(new Decision.Widen(10), decide(1, new Count(10, 0, 0, 0, 0), LONG_AGO));
        assertEquals(new Decision.Widen(100), decide(10, new Count(98, 0, 0, 1, 0), LONG_AGO));
    }

    @Test
    void waitsForThoseThatWork() {
        assertEquals(new Decision.Wait("waiting for 1 device"), decide(1, new Count(9, 1, 0, 0, 0), LONG_AGO));
        assertEquals(new Decision.Wait("waiting for 7 devices"), decide(100, new Count(9, 7, 0, 0, 0), LONG_AGO));
    }

    @Test
    void doesNotWaitForThoseThatAreAwayOrLate() {
        assertEquals(new Decision.Widen(10), decide(1, new Count(5, 0, 2, 0, 3), LONG_AGO));
        assertEquals(new Decision.Through(), decide(100, new Count(5, 0, 2, 0, 3), LONG_AGO));
    }

    @Test
    void opensNoStepByDevicesThatAreAllAway() {
        Decision decision = decide(1, new Count(0, 0, 1, 0, 9), LONG_AGO);
        assertTrue(assertInstanceOf(Decision.Wait.class, decision).what().contains("first device"));
    }

    @Test
    void goesOverAStepInWhichNoDeviceTakesPart() {
        assertEquals(new Decision.Widen(10), roll.decide(1, NOBODY, NOBODY, Optional.empty(), NOW));
    }

    @Test
    void isQuietForAWhileBeforeTheNextStep() {
        Instant justNow = NOW.minusSeconds(60);
        assertEquals(
                new Decision.Wait("settling until 2026-11-01T12:09:00Z"),
                decide(1, new Count(10, 0, 0, 0, 0), justNow));
        assertEquals(new Decision.Widen(10), decide(1, new Count(10, 0, 0, 0, 0), NOW.minusSeconds(600)));
        assertEquals(new Decision.Through(), decide(100, new Count(10, 0, 0, 0, 0), justNow));
    }

    @Test
    void stopsAtOnceWhenTooManyFailWhateverElseGoesOn() {
        Decision decision = decide(10, new Count(48, 50, 0, 2, 0), NOW);
        assertEquals(
                new Decision.Stop("2 of 50 that came to an end failed, 4.0 %, and --stop-at-failures is 2 %"),
                decision);
        assertInstanceOf(Decision.Stop.class, decide(100, new Count(0, 0, 0, 1, 0), LONG_AGO));
    }

    @Test
    void staysStopped() {
        assertInstanceOf(Decision.Stop.class, decide(0, new Count(0, 0, 0, 1, 0), LONG_AGO));
    }

    @Test
    void looksAtAllThatCameToAnEndWhenItDecidesWhetherToStop() {
        Count all = new Count(99, 0, 0, 1, 0);
        assertEquals(new Decision.Widen(1), roll.decide(0, NOBODY, all, Optional.empty(), NOW));
        assertEquals(
                new Decision.Wait("waiting for 1 device"),
                roll.decide(1, new Count(0, 1, 0, 1, 0), all, Optional.empty(), NOW));
    }

    @Test
    void opensNoStepByWhatDevicesOutsideOfItApplied() {
        Decision decision = roll.decide(1, new Count(0, 0, 0, 0, 1), new Count(50, 0, 0, 0, 1), Optional.empty(), NOW);
        assertTrue(assertInstanceOf(Decision.Wait.class, decision).what().contains("first device"));
    }

    @Test
    void goesOnFromAShareThatIsNoStep() {
        assertEquals(new Decision.Widen(100), decide(25, new Count(25, 0, 0, 0, 0), LONG_AGO));
    }
}
