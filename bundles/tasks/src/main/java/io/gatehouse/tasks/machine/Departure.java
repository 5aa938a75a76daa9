package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Members;
import io.gatehouse.tasks.time.Seconds;
import java.time.Duration;

/**
 * When and why the machine is to go down.
 *
 * @param delay from now
 * @param reason for people; may be empty
 */
record Departure(Duration delay, String reason) {
    private static final Duration USUAL = Duration.ofSeconds(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int LONGEST_REASON = 500;

    static Departure of(Members arguments) {
        Duration delay = Seconds.argument(arguments, "delay", USUAL, SHORTEST, LONGEST);
        String reason = arguments.optionalString("reason").orElse("");
        if (reason.length() > LONGEST_REASON) {
            throw arguments.wrong("reason", reason.length() + " characters", "at most " + LONGEST_REASON);
        }
        return new Departure(delay, reason);
    }

    double seconds() {
        return delay.toMillis() / 1000.0;
    }
}
