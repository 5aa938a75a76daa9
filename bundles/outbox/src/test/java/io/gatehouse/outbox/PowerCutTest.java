package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.store.OpenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A power cut at any byte of what is written when something is put; then another process, on what flash has. */
@Timeout(600)
final class PowerCutTest extends WithOutbox {
    private static final boolean LONG = Boolean.getBoolean("gatehouse.long");
    private static final int PUTS = LONG ? 300 : 60;
    private static final int CUTS = LONG ? 6 : 3;
    private static final int MOST_WAITING = 25;
    private static final List<String> TOPICS = List.of("reply/r", "event/e", "a/b", "reported/x");

    private final Random random = new Random(5);
    private final Set<String> waiting = new HashSet<>();
    /** Of all that was ever put, and has a number. */
    private final Map<String, Long> numbers = new HashMap<>();

    private String newestReport = "";
    private int images;

    @Test
    void whatWasPutIsThereWithItsNumberWhereverTheNextWriteEnds() throws Exception {
        DeviceOutbox outbox = outbox(Limits.of(1 << 20, 0, 0, 0));
        for (int n = 1; n <= PUTS; n++) {
            Map<Path, byte[]> before = contents();
            Set<String> required = new HashSet<>(waiting);
            String topic = TOPICS.get(random.nextInt(TOPICS.size()));
            put(outbox, topic, n);
            Map<Path, byte[]> after = contents();
            required.retainAll(waiting); // of reports there is an older one or the newer
            long growth = growth(before, after);
            assertTrue(growth > 0, () -> "nothing of " + topic + " is on flash");
            for (int cut = 0; cut < CUTS; cut++) {
                check(image(before, after, random.nextLong(growth)), required);
            }
            check(image(before, after, growth), waiting);
            while (waiting.size() > random.nextInt(MOST_WAITING)) {
                Parcel parcel = outbox.take();
                parcel.acknowledged();
                assertTrue(waiting.remove(Sender.name(parcel.message())), Sender.name(parcel.message()));
            }
        }
    }

    private void put(DeviceOutbox outbox, String topic, int n) {
        Map<String, Object> body = Map.of("n", n, "text", "x".repeat(random.nextInt(8000)));
        String name = topic + " " + n;
        switch (topic) {
            case "event/e" -> outbox.event("e", body);
            case "a/b" -> outbox.observation(topic, NOW, body, false);
            case "reported/x" -> {
                outbox.report("x", body);
                waiting.remove(newestReport);
                newestReport = name;
            }
            default -> outbox.send(Message.json(topic, ("{\"n\":" + n + "}").getBytes()));
        }
        if (topic.equals("event/e") || topic.equals("a/b")) {
            numbers.put(name, numbers.size() + 1L);
        }
        waiting.add(name);
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".1")).toList()) {
                contents.put(file.getFileName(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static long growth(Map<Path, byte[]> before, Map<Path, byte[]> after) {
        return after.keySet().stream()
                .mapToLong(file -> after.get(file).length - length(before, file))
                .sum();
    }

    /** So many bytes of what was written are on flash; nothing is deleted before all of it is. */
    private Path image(Map<Path, byte[]> before, Map<Path, byte[]> after, long bytes) throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("image-" + ++images));
        Map<Path, byte[]> image = new TreeMap<>(before);
        long left = bytes;
        for (Map.Entry<Path, byte[]> file : after.entrySet()) {
            int old = length(before, file.getKey());
            int more = (int) Math.min(left, file.getValue().length - old);
            if (more > 0) {
                image.put(file.getKey(), Arrays.copyOf(file.getValue(), old + more));
            }
            left -= more;
        }
        if (bytes == growth(before, after) && random.nextBoolean()) {
            image.keySet().retainAll(after.keySet());
        }
        for (Map.Entry<Path, byte[]> file : image.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        return folder;
    }

    private static int length(Map<Path, byte[]> contents, Path file) {
        return Optional.ofNullable(contents.get(file))
                .map(bytes -> bytes.length)
                .orElse(0);
    }

    private void check(Path folder, Set<String> required) throws Exception {
        try (OpenStore store = OpenStore.at(folder, share)) {
            DeviceOutbox outbox = Sender.open(store, NEXT_BOOT, 0);
            Set<String> found = new HashSet<>();
            for (Message message : emptied(outbox)) {
                String name = Sender.name(message); // whole, or it would have no number
                assertTrue(found.add(name), () -> name + " is there twice");
                assertEquals(Optional.of(BOOT), message.properties().first("boot"), name);
                assertEquals(Optional.ofNullable(numbers.get(name)).map(String::valueOf), seq(message), name);
            }
            assertTrue(found.containsAll(required), () -> required + " counted as put, and there is " + found);
            outbox.deactivate();
        }
    }
}
