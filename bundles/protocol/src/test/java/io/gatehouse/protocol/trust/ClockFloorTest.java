package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClockFloorTest {
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant PERSISTED = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant SIGNED = Instant.parse("2026-05-01T00:00:00Z");
    private static final ClockFloor FLOOR =
            new ClockFloor(BUILT).raisedTo(PERSISTED).raisedTo(SIGNED);

    @Test
    void isTheGreatestTimeThatIsCertainlyOver() {
        assertEquals(new ClockFloor(SIGNED), FLOOR);
        assertEquals(
                new ClockFloor(SIGNED), new ClockFloor(SIGNED).raisedTo(BUILT).raisedTo(PERSISTED));
    }

    @Test
    void clockThatIsLaterTellsTheTime() {
        Instant wall = Instant.parse("2026-06-01T00:00:00Z");
        for (Instant time : List.of(wall, SIGNED)) {
            assertEquals(time, FLOOR.time(fixed(time)).now());
            assertTrue(FLOOR.time(fixed(time)).isKnown());
        }
    }

    @Test
    void clockThatIsALittleEarlierIsKnownAndTimeStandsAtTheFloor() {
        ClockFloor.Time time = FLOOR.time(fixed(SIGNED.minus(ClockFloor.TOLERANCE)));
        assertEquals(SIGNED, time.now());
        assertTrue(time.isKnown());
    }

    @Test
    void clockThatIsMuchEarlierIsNotKnownAndTimeStandsAtTheFloor() {
        for (Instant wall :
                List.of(Instant.EPOCH, SIGNED.minus(ClockFloor.TOLERANCE).minusMillis(1))) {
            assertEquals(SIGNED, FLOOR.time(fixed(wall)).now());
            assertFalse(FLOOR.time(fixed(wall)).isKnown());
        }
    }

    /** Each signature as far ahead as it may be, one after the other. */
    @Test
    void signedTimesNeverBringTheFloorSoFarThatAClockThatIsRightCountsForNothing() {
        Clock clock = fixed(SIGNED.plusSeconds(1));
        ClockFloor floor = FLOOR;
        for (int i = 0; i < 5; i++) {
            Instant furthest = clock.instant().plus(ClockFloor.TOLERANCE);
            assertFalse(floor.time(clock).isAhead(furthest));
            floor = floor.raisedTo(furthest);
            assertTrue(floor.time(clock).isKnown());
            assertTrue(floor.time(clock).isAhead(furthest.plusSeconds(1)));
        }
    }

    private static Clock fixed(Instant wall) {
        return Clock.fixed(wall, ZoneOffset.UTC);
    }
}
