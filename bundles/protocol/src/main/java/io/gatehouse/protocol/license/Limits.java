package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How much of a feature is granted. What has no limit is granted without one.
 *
 * @param values whole numbers, at least 0, as {@link Long}, and truth values, by name in the order of the names
 */
public record Limits(SortedMap<String, Object> values) {
    /** Everything. */
    public static final Limits NONE = new Limits(new TreeMap<>());

    private static final int MOST = 16;
    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,39}");

    /**
     * Checks them.
     *
     * @throws BadArgument if there are too many, or one is ill-named or of another kind
     */
    public Limits {
        if (values.size() > MOST) {
            throw new BadArgument("a feature has at most " + MOST + " limits: " + values.size());
        }
        // the names of a service's properties are no different by their case
        Set<String> seen = new HashSet<>();
        values.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || !seen.add(name.toLowerCase(Locale.ROOT))) {
                throw new BadArgument(
                        "a limit's name must be up to 40 letters and digits, the first a small letter, and not differ from another by case alone: "
                                + name);
            }
            if (!(value instanceof Boolean) && !(value instanceof Long number && number >= 0)) {
                throw new BadArgument(
                        "limit " + name + " must be a whole number, at least 0, or true or false: " + value);
            }
        });
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    static Limits read(Members members) {
        SortedMap<String, Object> values = new TreeMap<>();
        members.values().forEach((name, value) -> {
            if (value == null) {
                throw members.wrong(name, null, "a whole number, true or false");
            }
            values.put(name, value);
        });
        return new Limits(values);
    }

    /** What both together grant: of each limit that both have, the greater. */
    public Limits or(Limits other) {
        SortedMap<String, Object> either = new TreeMap<>();
        values.forEach((name, value) -> {
            Object theirs = other.values.get(name);
            if (theirs != null) {
                either.put(name, greater(value, theirs));
            }
        });
        return new Limits(either);
    }

    /** Of a number and a truth value the number: whoever issued both meant different things, and a number says more. */
    private static Object greater(Object one, Object other) {
        if (one instanceof Boolean first && other instanceof Boolean second) {
            return first || second;
        }
        if (one instanceof Long first && other instanceof Long second) {
            return Math.max(first, second);
        }
        return one instanceof Long ? one : other;
    }

    Map<String, Object> write() {
        return values;
    }
}
