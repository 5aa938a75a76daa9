package io.gatehouse.protocol.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A time that is certainly over: the greatest of when the gateway was built, what was persisted, and the signed times that
 * were accepted. Time is never trusted downwards.
 */
public record ClockFloor(Instant floor) {
    /**
     * How far a clock may be behind the floor, and a signature ahead of a clock, and both still be right: no two clocks agree.
     * One number, so that what is signed ahead of a clock cannot bring the floor so far that the clock counts for nothing.
     */
    static final Duration TOLERANCE = Duration.ofMinutes(10);

    /**
     * What time it is.
     *
     * @param wall what the clock says
     * @param floor what is certainly over
     */
    public record Time(Instant wall, Instant floor) {
        /** The clock's time, or the floor where that is later. */
        public Instant now() {
            return wall.isAfter(floor) ? wall : floor;
        }

        /** Whether the clock can be right at all: a device without a battery wakes in 1970. */
        public boolean isKnown() {
            return !wall.isBefore(floor.minus(TOLERANCE));
        }

        /** Whether nobody can have signed at this moment yet; never where the clock is not known. */
        boolean isAhead(Instant signed) {
            return isKnown() && signed.isAfter(wall.plus(TOLERANCE));
        }
    }

    /** Raised to a time that is certainly over, or this where that is no later. */
    public ClockFloor raisedTo(Instant over) {
        return over.isAfter(floor) ? new ClockFloor(over) : this;
    }

    public Time time(Clock clock) {
        return new Time(clock.instant(), floor);
    }
}
