package io.gatehouse.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept, by name and number. A table is named {@code <bundle>/} for the bundle's values and {@code <bundle>/<line>} for a
 * line. Whoever uses it holds the lock of {@link Depot}.
 */
final class Index {
    private final Segments segments;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, Table> tables = new HashMap<>();
    private int lastNumber;

    Index(Segments segments) {
        this.segments = segments;
    }

    static String name(String bundle, String line) {
        return bundle + "/" + line;
    }

    /** The number of a table, from now on also where there was none. */
    int number(String name) {
        return numbers.computeIfAbsent(name, fresh -> add(fresh, ++lastNumber));
    }

    /** The number of a table that is found on flash, where it has one; so it keeps it where nobody else has it. */
    int number(String name, int found) {
        return numbers.computeIfAbsent(name, fresh -> add(fresh, names.containsKey(found) ? ++lastNumber : found));
    }

    boolean has(String name) {
        return numbers.containsKey(name);
    }

    String name(int table) {
        return Objects.requireNonNull(names.get(table), "no table has this number");
    }

    boolean isNamed(int table) {
        return names.containsKey(table);
    }

    Values values(int table) {
        return (Values) table(table);
    }

    Records records(int table) {
        return (Records) table(table);
    }

    Table table(int number) {
        return Objects.requireNonNull(tables.get(number), "no table has this number");
    }

    boolean isThere(Item item) {
        return table(item.table()).place(item) != Place.NONE;
    }

    boolean isAt(Item item, long place) {
        return table(item.table()).place(item) == place;
    }

    /** From now on it lies there, and where it lay is free. */
    void settle(Item item, long place, int length) {
        free(item);
        table(item.table()).settle(item, place, length);
        use(place, length);
    }

    /** Takes over what a frame on flash says, which is newer than what is known so far. */
    void apply(Frame frame, long place) {
        Item item = frame.item();
        switch (frame.kind()) {
            case PUT -> {
                free(item);
                values(item.table()).found(item, place, frame.length());
                use(place, frame.length());
            }
            case APPEND -> settle(item, place, frame.length());
            case DROP -> remove(item);
            case REMOVE -> removeAll(item.table(), item.number(), frame.to());
            case NAME -> throw new IllegalArgumentException("a name is no change: " + frame.text());
        }
    }

    void remove(Item item) {
        free(item);
        table(item.table()).remove(item);
    }

    /** Forgets what lies in a segment, and says how many items that were. */
    int removeIn(long segment) {
        return tables.values().stream()
                .mapToInt(table -> table.removeIn(segment))
                .sum();
    }

    /** What a bundle keeps, as counted against its bound. */
    long used(String bundle) {
        long used = 0;
        for (Map.Entry<String, Integer> entry : numbers.entrySet()) {
            if (isOf(entry.getKey(), bundle)) {
                used += table(entry.getValue()).bytes();
            }
        }
        return used;
    }

    /** All that a bundle keeps. */
    List<Item> items(String bundle) {
        List<Item> items = new ArrayList<>();
        numbers.forEach((name, number) -> {
            if (isOf(name, bundle)) {
                items.addAll(table(number).items(number));
            }
        });
        return items;
    }

    /** How many lines a bundle has. */
    long lines(String bundle) {
        return numbers.keySet().stream()
                .filter(name -> isOf(name, bundle) && !name.endsWith("/"))
                .count();
    }

    Set<String> bundles() {
        Set<String> bundles = new TreeSet<>();
        numbers.keySet().forEach(name -> bundles.add(name.substring(0, name.indexOf('/'))));
        return bundles;
    }

    private static boolean isOf(String name, String bundle) {
        return name.startsWith(bundle) && name.charAt(bundle.length()) == '/';
    }

    private void removeAll(int table, long from, long to) {
        Records records = records(table);
        records.given(to);
        for (long number = records.from(from); number != 0 && number <= to; number = records.from(number + 1)) {
            remove(new Item(table, number, ""));
        }
    }

    private int add(String name, int number) {
        lastNumber = Math.max(lastNumber, number);
        names.put(number, name);
        tables.put(number, name.endsWith("/") ? new Values() : new Records());
        return number;
    }

    private void use(long place, int length) {
        segment(place, length);
    }

    private void free(Item item) {
        Table table = table(item.table());
        segment(table.place(item), -table.length(item));
    }

    private void segment(long place, int bytes) {
        @Nullable
        Segment segment = place > 0 ? segments.find(Place.segment(place)).orElse(null) : null;
        if (segment != null) {
            segment.live(bytes);
        }
    }
}
