package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Members;
import java.time.Duration;

/**
 * When and why the machine is to go down.
 *
 * @param delay from now
 * @param reason for people; may be empty
 */
record Departure(Duration delay, String reason) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int LONGEST_REASON = 500;

    static Departure of(Members arguments) {
        Duration delay = arguments.optionalDuration("delay").orElse(Duration.ofSeconds(2));
        if (delay.compareTo(SHORTEST) < 0 || delay.compareTo(LONGEST) > 0) {
            throw arguments.wrong("delay", delay, "from PT1S to PT1H");
        }
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
