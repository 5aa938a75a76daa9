package io.gatehouse.api.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The user properties of a message: names and values in the order of their sending. A name may come more than once, as MQTT 5
 * allows (3.3.2.3.7).
 */
public record UserProperties(List<Pair> pairs) {
    private static final UserProperties NONE = new UserProperties(List.of());

    /** One name and its value. */
    public record Pair(String name, String value) {}

    public UserProperties {
        pairs = List.copyOf(pairs);
    }

    public static UserProperties none() {
        return NONE;
    }

    /** In the map's order. */
    public static UserProperties of(Map<String, String> properties) {
        List<Pair> pairs = new ArrayList<>(properties.size());
        properties.forEach((name, value) -> pairs.add(new Pair(name, value)));
        return new UserProperties(pairs);
    }

    /** These, and one more behind them, also where the name is there already. */
    public UserProperties and(String name, String value) {
        List<Pair> more = new ArrayList<>(pairs.size() + 1);
        more.addAll(pairs);
        more.add(new Pair(name, value));
        return new UserProperties(more);
    }

    /** The value of the first with this name. */
    public Optional<String> first(String name) {
        for (Pair pair : pairs) {
            if (pair.name().equals(name)) {
                return Optional.of(pair.value());
            }
        }
        return Optional.empty();
    }

    /** The values of all with this name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        forEach((each, value) -> {
            if (each.equals(name)) {
                values.add(value);
            }
        });
        return values;
    }

    /** Calls with each name and value, in order. */
    public void forEach(BiConsumer<String, String> action) {
        for (Pair pair : pairs) {
            action.accept(pair.name(), pair.value());
        }
    }
}
