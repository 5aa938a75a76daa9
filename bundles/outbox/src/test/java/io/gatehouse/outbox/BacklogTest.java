package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.store.OpenStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As much waits as may. */
@Timeout(120)
final class BacklogTest {
    private static final int TOPICS = 20;

    @Test
    void eightMegabytesWaitInAHeapOfSixteen(@TempDir Path folder) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BacklogTest.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assertEquals(0, process.waitFor(), said);
        String[] words = said.substring(said.lastIndexOf('\n') + 1).split(" ");
        assertTrue(Integer.parseInt(words[0]) > 40_000, said);
    }

    /** Fills, goes on as after a restart, and empties. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        try (OpenStore store = OpenStore.at(folder, 9_000_000)) {
            DeviceOutbox outbox = Sender.open(store, "0000000000000001", 0);
            for (int n = 0; n < 60_000; n++) {
                outbox.observation(
                        "area/topic" + n % TOPICS, Instant.now(), Map.of("n", n, "text", "some text"), false);
            }
            outbox.deactivate();
        }
        try (OpenStore store = OpenStore.at(folder, 9_000_000)) {
            long began = System.nanoTime();
            DeviceOutbox outbox = Sender.open(store, "0000000000000002", 0);
            long loaded = System.nanoTime();
            System.gc();
            long heap =
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 10;
            Map<String, Long> last = new HashMap<>();
            int count = 0;
            for (long n = -1; n < 59_999; count++) {
                Parcel parcel = outbox.take();
                Message message = parcel.message();
                if (!message.topic().endsWith("/event/outbox")) {
                    n = WithOutbox.n(message);
                    Long before = last.put(message.topic(), n);
                    if (before != null && before >= n) {
                        throw new IllegalStateException(message.topic() + " is out of order");
                    }
                }
                parcel.acknowledged();
            }
            System.out.println(count + " messages, found in " + (loaded - began) / 1_000_000 + " ms, left in "
                    + (System.nanoTime() - loaded) / 1_000_000 + " ms, heap " + heap + " KiB");
        }
        System.exit(0);
    }
}
