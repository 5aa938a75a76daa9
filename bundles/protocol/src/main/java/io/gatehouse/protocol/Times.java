package io.gatehouse.protocol;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;

/** Times as the protocol writes them: RFC 3339 in UTC with milliseconds. */
public final class Times {
    private static final DateTimeFormatter FORM =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private Times() {}

    public static String format(Instant instant) {
        return FORM.format(instant);
    }
}
