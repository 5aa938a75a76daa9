package com.example.modbus;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/** How long a device may take for all that is asked in one reading. */
final class TimeToAnswer {
    private TimeToAnswer() {}

    /**
     * Four fifths of what the runtime gives: a socket that waits cannot be interrupted, so the wait ends before the runtime would.
     *
     * @throws IllegalArgumentException where one of both is no duration
     */
    static long nanos(String period, String deadline) {
        Duration all = duration("gatehouse.deadline", deadline);
        Duration most = duration("gatehouse.period", period);
        return (all.compareTo(most) < 0 ? all : most).toNanos() / 5 * 4;
    }

    private static Duration duration(String name, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " must be a duration such as PT5S: " + text, e);
        }
    }
}
