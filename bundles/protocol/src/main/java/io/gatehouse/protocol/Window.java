package io.gatehouse.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * A time of each day, possibly over midnight.
 *
 * @param from the first instant of it
 * @param to the first instant after it
 */
public record Window(LocalTime from, LocalTime to, ZoneId zone) {
    /** How long until it is open; zero while it is. */
    public Duration opensIn(Instant now) {
        ZonedDateTime there = now.atZone(zone);
        LocalTime time = there.toLocalTime();
        boolean isOpen = from.isBefore(to)
                ? !time.isBefore(from) && time.isBefore(to)
                : !time.isBefore(from) || time.isBefore(to);
        if (isOpen) {
            return Duration.ZERO;
        }
        ZonedDateTime next = there.with(from);
        if (!next.isAfter(there)) {
            next = there.plusDays(1).with(from);
        }
        return Duration.between(there, next);
    }
}
