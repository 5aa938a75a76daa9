package io.gatehouse.artifacts;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How patient a fetch is.
 *
 * @param window bytes asked for at once over MQTT
 * @param chunk bytes in one message
 * @param stall after so long without a byte it asks again, and then after ever longer pauses
 * @param patience after so long without a byte it gives up
 */
record Pace(long window, int chunk, Duration stall, Duration patience, RandomGenerator random) {
    private static final int LONGEST = 12;

    /** The pause before the next attempt, after so many in vain: doubled each time, up to twelve stalls, and a quarter of it random. */
    Duration pause(int inVain) {
        double factor = Math.min(LONGEST, Math.pow(2, inVain)) * (0.875 + random.nextDouble() / 4);
        return Duration.ofNanos((long) (stall.toNanos() * factor));
    }
}
