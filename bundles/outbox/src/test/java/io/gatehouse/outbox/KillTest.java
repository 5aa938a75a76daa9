package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.store.OpenStore;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it puts, takes and acknowledges; then another, on what it left. */
@Timeout(300)
final class KillTest {
    private static final int MOMENTS = Boolean.getBoolean("gatehouse.long") ? 60 : 6;

    @TempDir
    Path temporary;

    private final Set<String> put = new LinkedHashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final Map<String, Long> observed = new HashMap<>();
    private long killedAt;

    @Test
    void nothingThatWasPutIsLostButObservationsOfTheLastSeconds() throws Exception {
        Random random = new Random(9);
        for (int moment = 0; moment < MOMENTS; moment++) {
            put.clear();
            acknowledged.clear();
            observed.clear();
            Path folder = temporary.resolve("store-" + moment);
            String boot = "00000000000000" + (10 + moment);
            kill(Sender.start(folder, boot), 200 + random.nextInt(6000), random.nextInt(3_000_000));
            check(folder, boot);
        }
    }

    private void kill(Process process, int lines, int nanos) throws Exception {
        try (BufferedReader said = process.inputReader()) {
            for (int line = 0; line < lines; line++) {
                hear(Objects.requireNonNull(said.readLine(), "it ended by itself"));
            }
            LockSupport.parkNanos(nanos); // no wait for anything: any moment will do
            killedAt = System.currentTimeMillis();
            process.toHandle().destroyForcibly(); // the process's own method would close what it said
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.endsWith(".")) { // the last may be cut short
                    hear(line);
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private void hear(String line) {
        String[] words = line.substring(0, line.length() - 1).split(" ");
        assertTrue(line.startsWith("put ") || line.startsWith("ack "), line);
        String what = words[1] + " " + words[2];
        (words[0].equals("put") ? put : acknowledged).add(what);
        if (words.length == 4) {
            observed.put(what, Long.parseLong(words[3]));
        }
    }

    private void check(Path folder, String boot) throws Exception {
        Set<String> found = new LinkedHashSet<>();
        Map<String, Long> last = new HashMap<>();
        try (OpenStore store = OpenStore.at(folder, 9_000_000)) {
            DeviceOutbox outbox = Sender.open(store, "00000000000000ff", 0);
            for (Message message : WithOutbox.emptied(outbox)) {
                assertEquals(boot, message.properties().first("boot").orElseThrow());
                found.add(Sender.name(message));
                Long before = last.put(message.topic(), WithOutbox.n(message));
                assertTrue(before == null || before < WithOutbox.n(message), message.topic() + " after " + before);
            }
            outbox.deactivate();
        }
        List<String> lost = put.stream()
                .filter(what -> !found.contains(what) && !acknowledged.contains(what))
                .filter(what -> killedAt - observed.getOrDefault(what, 0L) > 1000 * (Sender.SECONDS + 1))
                .toList();
        assertEquals(List.of(), lost, "of " + put.size() + " put, " + acknowledged.size() + " acknowledged");
        assertTrue(found.size() > 0, "some waited");
    }
}
