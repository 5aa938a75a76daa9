package io.gatehouse.cli.license;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and lengths as people write them. */
final class Moments {
    static final String TIME =
            "a date such as 2027-12-31, which is its first moment in UTC, or a time 2027-12-31T12:00:00Z";
    static final String LENGTH = "a length such as P365D, 30d, 12h or PT30M";

    private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})([dhms])");

    private Moments() {}

    /** To the second. */
    static Optional<Instant> time(String text) {
        try {
            Instant time = text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
            return Optional.of(time.truncatedTo(ChronoUnit.SECONDS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Of whole seconds, and more than none. */
    static Optional<Duration> length(String text) {
        Matcher brief = SHORT.matcher(text);
        try {
            Duration length = brief.matches()
                    ? Duration.parse(
                            brief.group(2).equals("d")
                                    ? "P" + brief.group(1) + "D"
                                    : "PT" + brief.group(1) + brief.group(2).toUpperCase(Locale.ROOT))
                    : Duration.parse(text.toUpperCase(Locale.ROOT));
            return Optional.of(length.truncatedTo(ChronoUnit.SECONDS))
                    .filter(some -> !some.isZero() && !some.isNegative());
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** In days where it is so many of them, as licenses usually are. */
    static String words(Duration length) {
        return length.toSeconds() % Duration.ofDays(1).toSeconds() == 0
                ? "P" + length.toDays() + "D"
                : length.toString();
    }
}
