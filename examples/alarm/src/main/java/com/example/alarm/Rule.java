package com.example.alarm;

import java.time.Duration;

/**
 * When an alarm is raised and cleared. What lies between both limits changes nothing, so that a value that trembles at one does not.
 *
 * @param hold how long a value must lie beyond a limit, at each reading, before that counts
 */
record Rule(Limit raise, Limit clear, Duration hold) {
    /**
     * Checks it.
     *
     * @throws IllegalArgumentException where a value could raise and clear it at once
     */
    Rule {
        boolean isApart = raise.isAbove() != clear.isAbove()
                && (raise.isAbove() ? raise.number() >= clear.number() : raise.number() <= clear.number());
        if (!isApart) {
            throw new IllegalArgumentException(
                    "clear must be on the other side of raise, which is " + raise + ", and not overlap it: " + clear);
        }
        if (hold.isNegative()) {
            throw new IllegalArgumentException("hold must not be negative: " + hold);
        }
    }

    /** What must be so for the state to change. */
    Limit next(boolean isRaised) {
        return isRaised ? clear : raise;
    }
}
