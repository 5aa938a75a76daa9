package io.gatehouse.api.command;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object, read member by member. Whatever is missing or ill-typed is refused by a {@link BadArgument} that names
 * it by its path, such as {@code spec.bundles[2].sha256}. Unknown members are ignored. Values are strings, booleans,
 * numbers, lists, maps and, for JSON's null, absent.
 */
public final class Members {
    private final String path;
    private final Map<String, ?> values;

    private Members(String path, Map<String, ?> values) {
        this.path = path;
        this.values = values;
    }

    /** The members of a whole document. */
    public static Members of(Map<String, ?> values) {
        return new Members("", values);
    }

    /** The members of an object that is found at this path of a larger document. */
    public static Members of(String path, Map<String, ?> values) {
        return new Members(path, values);
    }

    /** The values as they are. */
    public Map<String, ?> values() {
        return values;
    }

    /** Whether there is a member of this name that is not null. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    /** The member's place in the whole document. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The member as it is, or nothing where it is absent. */
    public Optional<Object> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String string(String name) {
        return needed(name, optionalString(name));
    }

    public Optional<String> optionalString(String name) {
        return optional(name, String.class, "a string");
    }

    public boolean bool(String name, boolean otherwise) {
        return optional(name, Boolean.class, "true or false").orElse(otherwise);
    }

    /** A whole number from {@code least} to {@code most}. */
    public long integer(String name, long least, long most) {
        return needed(name, optionalInteger(name, least, most));
    }

    /** A whole number from {@code least} to {@code most}, or {@code otherwise} where it is absent. */
    public long integer(String name, long otherwise, long least, long most) {
        return optionalInteger(name, least, most).orElse(otherwise);
    }

    public Optional<Long> optionalInteger(String name, long least, long most) {
        Optional<Number> number = optional(name, Number.class, "a whole number");
        return number.map(value -> {
            long whole;
            try {
                whole = new BigDecimal(value.toString()).longValueExact();
            } catch (ArithmeticException e) {
                throw wrong(name, value, "a whole number");
            }
            if (whole < least || whole > most) {
                throw wrong(name, value, "from " + least + " to " + most);
            }
            return whole;
        });
    }

    /** A duration as in ISO 8601, for example {@code PT30M}; a bare number is seconds. */
    public Optional<Duration> optionalDuration(String name) {
        return value(name).map(value -> {
            try {
                return value instanceof Number seconds
                        ? Duration.ofMillis(Math.round(seconds.doubleValue() * 1000))
                        : Duration.parse(String.valueOf(value));
            } catch (DateTimeParseException e) {
                throw wrong(name, value, "a duration such as PT30S");
            }
        });
    }

    public Members object(String name) {
        return needed(name, optionalObject(name));
    }

    @SuppressWarnings("unchecked") // JSON objects have no names but strings
    public Optional<Members> optionalObject(String name) {
        return optional(name, Map.class, "an object").map(map -> new Members(path(name), (Map<String, ?>) map));
    }

    /** A list of objects; empty where it is absent. */
    public List<Members> objects(String name) {
        List<Members> objects = new ArrayList<>();
        for (Object element : list(name)) {
            String at = path(name) + "[" + objects.size() + "]";
            if (!(element instanceof Map<?, ?>)) {
                throw new BadArgument(at + " must be an object: " + element);
            }
            @SuppressWarnings("unchecked") // JSON objects have no names but strings
            Map<String, ?> map = (Map<String, ?>) element;
            objects.add(new Members(at, map));
        }
        return objects;
    }

    /** A list of strings; empty where it is absent. */
    public List<String> strings(String name) {
        List<String> strings = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof String text)) {
                throw new BadArgument(path(name) + "[" + strings.size() + "] must be a string: " + element);
            }
            strings.add(text);
        }
        return strings;
    }

    /** What to throw where a member's value will not do. */
    public BadArgument wrong(String name, @Nullable Object value, String expected) {
        return new BadArgument(path(name) + " must be " + expected + ": " + value);
    }

    private List<?> list(String name) {
        return optional(name, List.class, "a list").orElse(List.of());
    }

    private <T> T needed(String name, Optional<T> value) {
        return value.orElseThrow(() -> new BadArgument(path(name) + " is missing"));
    }

    private <T> Optional<T> optional(String name, Class<T> type, String expected) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw wrong(name, value, expected);
        }
        return Optional.of(type.cast(value));
    }
}
