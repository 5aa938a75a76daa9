package io.gatehouse.telemetry;

import io.gatehouse.protocol.Names;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a collector's service properties say, as in {@link io.gatehouse.api.telemetry.Publishes}.
 *
 * @param topic {@code <area>/<name>}
 * @param deadBand in the value's own unit
 */
record Settings(String topic, Duration period, Duration deadline, boolean onChange, double deadBand, boolean atPlace) {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofDays(31);
    private static final Duration DEFAULT_PERIOD = Duration.ofSeconds(60);
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

    /**
     * Reads the properties.
     *
     * @throws IllegalArgumentException if one is missing or will not do; the message names it and its value
     */
    static Settings read(Function<String, @Nullable Object> properties) {
        return new Settings(
                topic(properties.apply("gatehouse.topic")),
                duration(properties, "gatehouse.period", DEFAULT_PERIOD),
                duration(properties, "gatehouse.deadline", DEFAULT_DEADLINE),
                truth(properties, "gatehouse.onChange"),
                deadBand(properties.apply("gatehouse.deadBand")),
                truth(properties, "gatehouse.atPlace"));
    }

    private static String topic(@Nullable Object value) {
        if (!(value instanceof String topic)) {
            throw wrong("gatehouse.topic", value, "<area>/<name>, for example hardware/temperature");
        }
        if (!Names.isObservation(topic)) {
            throw wrong("gatehouse.topic", topic, Names.OBSERVATION);
        }
        return topic;
    }

    private static Duration duration(Function<String, @Nullable Object> properties, String name, Duration otherwise) {
        Object value = properties.apply(name);
        if (value == null) {
            return otherwise;
        }
        Duration duration;
        try {
            duration = Duration.parse(value.toString());
        } catch (DateTimeParseException e) {
            throw wrong(name, value, "a duration such as PT30S");
        }
        if (duration.compareTo(LEAST) < 0 || duration.compareTo(MOST) > 0) {
            throw wrong(name, value, "from PT0.1S to P31D");
        }
        return duration;
    }

    private static boolean truth(Function<String, @Nullable Object> properties, String name) {
        Object value = properties.apply(name);
        if (value == null || value.equals(false) || value.equals("false")) {
            return false;
        }
        if (value.equals(true) || value.equals("true")) {
            return true;
        }
        throw wrong(name, value, "true or false");
    }

    private static double deadBand(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        double band;
        try {
            band = Double.parseDouble(value.toString());
        } catch (NumberFormatException e) {
            throw wrong("gatehouse.deadBand", value, "a number");
        }
        if (!Double.isFinite(band) || band < 0) {
            throw wrong("gatehouse.deadBand", value, "0 or more");
        }
        return band;
    }

    private static IllegalArgumentException wrong(String name, @Nullable Object value, String expected) {
        return new IllegalArgumentException(
                value == null ? name + " is missing: " + expected : name + " must be " + expected + ": " + value);
    }
}
