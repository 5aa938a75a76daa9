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
        return before.time.isKnown() && back.compareTo(TOLERANCE) > 0 ? back : Duration.ZERO;
    }

    /**
     * The time that it is at least.
     *
     * @param counted what was counted up to at {@code since}, on the scale of {@link #running}
     */
    Instant after(Instant counted, Duration since) {
        Instant still = counted.plus(running.minus(since));
        return still.isAfter(time.now()) ? still : time.now();
    }
}
