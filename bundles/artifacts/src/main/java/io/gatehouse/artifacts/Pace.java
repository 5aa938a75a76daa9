package io.gatehouse.artifacts;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How patient a fetch is.
 *
 * @param window bytes on their way at once over MQTT
 * @param chunk bytes in one message
 * @param stall after so long without a byte it asks again, and then after ever longer pauses
 * @param patience after so long without a byte it gives up
 */
record Pace(long window, int chunk, Duration stall, Duration patience, RandomGenerator random, Rest rest) {
    private static final int LONGEST = 12;
    private static final int REQUESTS = 8;
    private static final int HASTE = 5;

    /** Lets time pass. */
    @FunctionalInterface
    interface Rest {
        void take(Duration time) throws InterruptedException;
    }

    /** Bytes of one request: an eighth of the window, in whole chunks, so that the rest comes while it is on its way. */
    long share() {
        return Math.max(1, window / REQUESTS / chunk) * chunk;
    }

    /** One that gives up earlier, for what can be done without. */
    Pace hasty() {
        return new Pace(window, chunk, stall, patience.dividedBy(HASTE), random, rest);
    }

    /** The pause before the next attempt, after so many in vain: doubled each time, up to twelve stalls, and a quarter of it random. */
    Duration pause(int inVain) {
        double factor = Math.min(LONGEST, Math.pow(2, inVain)) * (0.875 + random.nextDouble() / 4);
        return Duration.ofNanos((long) (stall.toNanos() * factor));
    }
}
