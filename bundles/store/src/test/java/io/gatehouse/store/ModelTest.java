package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever is done in whatever order: it keeps what a map in memory would. */
final class ModelTest extends WithDepot {
    private static final List<String> BUNDLES = List.of("io.gatehouse.outbox", "com.acme", "com.acme.rain");
    private static final List<String> LINES = List.of("replies", "events");

    private final Map<String, byte[]> values = new HashMap<>();
    private final Map<String, TreeMap<Long, byte[]>> lines = new HashMap<>();
    private final Random random = new Random(17);

    @Test
    void keepsWhatAMapWouldThroughRestartsAndPowerCuts() throws IOException {
        for (int step = 0; step < (Boolean.getBoolean("gatehouse.long") ? 40_000 : 15_000); step++) {
            step();
            if (step % 1000 == 0) {
                compare();
                depot.close();
                open(folder(), limits(MIB, 10));
                compare();
            }
        }
    }

    private void step() throws IOException {
        if (depot == null) {
            open(folder(), limits(MIB, 10));
        }
        String bundle = BUNDLES.get(random.nextInt(BUNDLES.size()));
        Store store = store(bundle);
        String key = "k" + random.nextInt(30);
        String name = LINES.get(random.nextInt(LINES.size()));
        Line line = store.line(name);
        TreeMap<Long, byte[]> records = lines.computeIfAbsent(bundle + name, fresh -> new TreeMap<>());
        byte[] bytes = record(random.nextLong());
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                store.put(key, bytes);
                values.put(bundle + " " + key, bytes);
            }
            case 2 -> {
                store.remove(key);
                values.remove(bundle + " " + key);
            }
            case 3, 4, 5, 6 -> records.put(line.append(bytes), bytes);
            case 7, 8, 9 -> removeSome(line, records);
            case 10 -> depot.sync();
            default -> timePasses();
        }
    }

    private void removeSome(Line line, TreeMap<Long, byte[]> records) {
        for (int left = random.nextInt(records.size() > 300 ? 100 : 4); left > 0 && !records.isEmpty(); left--) {
            long near = records.firstKey() + random.nextInt(3) * random.nextInt(100);
            Long number = records.ceilingKey(near);
            if (number != null) {
                line.remove(number);
                records.remove(number);
            }
        }
    }

    private void compare() throws IOException {
        for (String bundle : BUNDLES) {
            Store store = store(bundle);
            for (String key : store.keys()) {
                assertArrayEquals(values.get(bundle + " " + key), store.get(key).orElseThrow(), bundle + " " + key);
            }
            long known = values.keySet().stream()
                    .filter(key -> key.startsWith(bundle + " "))
                    .count();
            assertEquals(known, store.keys().size());
            for (String name : LINES) {
                TreeMap<Long, byte[]> records = lines.getOrDefault(bundle + name, new TreeMap<>());
                List<Line.Entry> entries = store.line(name).read(0, Integer.MAX_VALUE);
                assertEquals(
                        List.copyOf(records.keySet()),
                        entries.stream().map(Line.Entry::number).toList());
                for (Line.Entry entry : entries) {
                    assertArrayEquals(records.get(entry.number()), entry.record());
                }
            }
        }
    }
}
