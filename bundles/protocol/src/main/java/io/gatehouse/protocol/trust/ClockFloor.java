package io.gatehouse.protocol.trust;

import java.time.Clock;
import java.time.Instant;

/**
 * A time that is certainly over: the greatest of when the gateway was built, what was persisted, and the signed times that
 * were accepted. Time is never trusted downwards.
 */
public record ClockFloor(Instant floor) {
    /**
     * What time it is.
     *
     * @param now the clock's, or the floor where that is later
     * @param isKnown whether the clock can be right at all: a device without a battery wakes in 1970
     */
    public record Time(Instant now, boolean isKnown) {}

    /** Raised to a time that is certainly over, or this where that is no later. */
    public ClockFloor raisedTo(Instant over) {
        return over.isAfter(floor) ? new ClockFloor(over) : this;
    }

    public Time time(Clock clock) {
        Instant wall = clock.instant();
        boolean isKnown = !wall.isBefore(floor);
        return new Time(isKnown ? wall : floor, isKnown);
    }
}
