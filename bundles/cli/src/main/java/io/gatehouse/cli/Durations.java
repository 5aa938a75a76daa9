package io.gatehouse.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 30}, {@code 30s}, {@code 2m}, {@code 1h30m}, {@code PT30S}. */
final class Durations {
    private Durations() {}

    static Duration parse(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        try {
            Duration duration = upper.startsWith("P")
                    ? Duration.parse(upper)
                    : Duration.parse("PT" + (upper.matches("[0-9]+") ? upper + "S" : upper));
            if (duration.isNegative() || duration.isZero()) {
                throw new TypeConversionException("must be more than nothing: " + text);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("must be a time such as 30s or 2m: " + text);
        }
    }

    /** In words: {@code 30 s}, {@code 1.5 s}. */
    static String words(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() / 1000.0 + " s";
    }
}
