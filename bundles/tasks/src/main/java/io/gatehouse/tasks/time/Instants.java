package io.gatehouse.tasks.time;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** When something was. */
public final class Instants {
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private Instants() {}

    /** To the millisecond, as in {@code 2026-02-03T04:05:06.000Z}. What is below is cut off. */
    public static String text(Instant instant) {
        return MILLIS.format(instant);
    }
}
