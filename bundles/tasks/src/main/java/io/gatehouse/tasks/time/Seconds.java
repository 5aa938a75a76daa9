package io.gatehouse.tasks.time;

import io.gatehouse.api.command.Members;
import java.time.Duration;

/** How long something took, and how long it may. */
public final class Seconds {
    private Seconds() {}

    /** Seconds, to the microsecond. */
    public static double of(long nanos) {
        return rounded(nanos / 1e9);
    }

    /** To the microsecond. */
    public static double rounded(double seconds) {
        return Math.round(seconds * 1e6) / 1e6;
    }

    /** An argument within these bounds, both included. */
    public static Duration argument(Members arguments, String name, Duration otherwise, Duration least, Duration most) {
        Duration duration = arguments.optionalDuration(name).orElse(otherwise);
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw arguments.wrong(name, duration, "from " + least + " to " + most);
        }
        return duration;
    }
}
