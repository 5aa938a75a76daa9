package io.gatehouse.api.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a collector read: a JSON object of named values, in order. A value is a string, a boolean, a finite number, a list
 * of values, or a map from names to values. Units are SI base units: bytes, seconds, ratio 0 to 1.
 *
 * <pre>{@code Reading.of("one", 0.52).with("five", 0.61).with("fifteen", 0.48)}</pre>
 *
 * Immutable.
 */
public final class Reading {
    private static final Reading NOTHING = new Reading(Map.of());

    private final Map<String, Object> values;

    private Reading(Map<String, Object> values) {
        this.values = values;
    }

    /** Nothing to say: no observation is sent. */
    public static Reading nothing() {
        return NOTHING;
    }

    /**
     * A reading of one value.
     *
     * @throws IllegalArgumentException if the value is of no kind named above, or is NaN or infinite
     */
    public static Reading of(String name, Object value) {
        return NOTHING.with(name, value);
    }

    /**
     * A reading of these values.
     *
     * @throws IllegalArgumentException if a value is of no kind named above, or is NaN or infinite
     */
    public static Reading of(Map<String, ?> values) {
        return new Reading(object("reading", values));
    }

    /**
     * This reading and one value more; a value of the same name is replaced.
     *
     * @throws IllegalArgumentException if the value is of no kind named above, or is NaN or infinite
     */
    public Reading with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, checked(name, value));
        return new Reading(Collections.unmodifiableMap(more));
    }

    /** The values by name, in order; unmodifiable, in depth. */
    public Map<String, Object> values() {
        return values;
    }

    /** Whether there is nothing to say. */
    public boolean isNothing() {
        return values.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Reading that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    private static Map<String, Object> object(String at, Map<?, ?> members) {
        Map<String, Object> checked = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (!(name instanceof String text)) {
                throw new IllegalArgumentException(at + " has a name that is no string: " + name);
            }
            checked.put(text, checked(at + "." + text, value));
        });
        return Collections.unmodifiableMap(checked);
    }

    private static Object checked(String at, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return object(at, map);
        }
        if (value instanceof List<?> list) {
            List<Object> checked = new ArrayList<>(list.size());
            for (Object element : list) {
                checked.add(checked(at + "[" + checked.size() + "]", element));
            }
            return Collections.unmodifiableList(checked);
        }
        if (value instanceof Number number) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException(at + " is not finite: " + value);
            }
            return plain(number);
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException(at + " is neither string, boolean, number, list nor map: "
                + (value == null ? "null" : value.getClass().getName()));
    }

    /** Numbers of other kinds, such as an AtomicLong, may change later: they are read now. */
    private static Number plain(Number number) {
        String kind = number.getClass().getPackageName();
        if (kind.equals("java.lang") || kind.equals("java.math")) {
            return number;
        }
        long whole = number.longValue();
        double fraction = number.doubleValue();
        return (double) whole == fraction ? (Number) whole : (Number) fraction;
    }
}
