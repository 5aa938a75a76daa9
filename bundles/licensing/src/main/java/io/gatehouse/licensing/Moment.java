package io.gatehouse.licensing;

import io.gatehouse.api.device.DeviceClock;
import java.time.Duration;
import java.time.Instant;

/**
 * Now.
 *
 * @param time what time it is, as far as the device knows
 * @param running how long this process has run, which no clock changes
 */
record Moment(DeviceClock.Time time, Duration running) {
    /** No two clocks agree, and one that is set by the network is set back now and then. */
    private static final Duration TOLERANCE = Duration.ofMinutes(10);

    /** How far the machine's clock was set back since another moment of this process; not at all where no further than clocks are. */
    Duration setBackSince(Moment before) {
        Duration ticked = running.minus(before.running);
        Duration back = Duration.between(time.wall(), before.time.wall().plus(ticked));
        return before.time.isKnown() && isBehind(time.wall(), time.wall().plus(back)) ? back : Duration.ZERO;
    }

    /** Whether a clock is further behind than clocks are. */
    static boolean isBehind(Instant wall, Instant expected) {
        return Duration.between(wall, expected).compareTo(TOLERANCE) > 0;
    }
}
