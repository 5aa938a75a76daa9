package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
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
        assertEquals(new ClockFloor.Time(wall, true), FLOOR.time(fixed(wall)));
        assertEquals(new ClockFloor.Time(SIGNED, true), FLOOR.time(fixed(SIGNED)));
    }

    @Test
    void clockThatIsEarlierIsNotKnownAndTimeStandsAtTheFloor() {
        assertEquals(new ClockFloor.Time(SIGNED, false), FLOOR.time(fixed(Instant.EPOCH)));
        assertEquals(new ClockFloor.Time(SIGNED, false), FLOOR.time(fixed(SIGNED.minusMillis(1))));
    }

    private static Clock fixed(Instant wall) {
        return Clock.fixed(wall, ZoneOffset.UTC);
    }
}
