package io.gatehouse.collector.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemoryAndLoadTest {
    @TempDir
    Path root;

    @Test
    void saysMemoryInBytes() throws IOException {
        new Machine(root).with("proc/meminfo", """
                MemTotal:          59516 kB
                MemFree:           14196 kB
                MemAvailable:      12604 kB
                Buffers:            2228 kB
                Cached:             9124 kB
                SwapCached:            0 kB
                Shmem:               140 kB
                SwapTotal:             0 kB
                SwapFree:              0 kB
                HugePages_Total:       0
                """);
        assertEquals(
                Map.of(
                        "total",
                        60_944_384L,
                        "free",
                        14_536_704L,
                        "available",
                        12_906_496L,
                        "buffers",
                        2_281_472L,
                        "cached",
                        9_342_976L,
                        "shared",
                        143_360L,
                        "swapTotal",
                        0L,
                        "swapFree",
                        0L),
                new Memory(root).read().values());
    }

    @Test
    void reckonsWhatIsAvailableWhereAnOldKernelDoesNotSay() throws IOException {
        new Machine(root).with("proc/meminfo", """
                MemTotal:        1000 kB
                MemFree:          100 kB
                Buffers:           20 kB
                Cached:           200 kB
                """);
        Reading reading = new Memory(root).read();
        assertEquals(320 * 1024L, reading.values().get("available"));
        assertEquals(false, reading.values().containsKey("swapTotal"));
    }

    @Test
    void readsTheMemoryOfThisMachine() throws IOException {
        Map<String, Object> values = new Memory().read().values();
        long total = (long) values.get("total");
        long available = (long) values.get("available");
        assertTrue(available > 0 && available < total, values.toString());
    }

    @Test
    void saysLoadAndProcesses() throws IOException {
        new Machine(root).with("proc/loadavg", "0.52 1.61 0.48 3/467 12345\n");
        assertEquals(
                Map.of("one", 0.52, "five", 1.61, "fifteen", 0.48, "processes", Map.of("running", 3L, "total", 467L)),
                new Load(root).read().values());
    }

    @Test
    void readsTheLoadOfThisMachine() throws IOException {
        Map<String, Object> values = new Load().read().values();
        assertTrue((double) values.get("one") >= 0, values.toString());
    }

    @Test
    void failsWithTheFilesNameWhereItIsNotThere() {
        NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> new Load(root).read());
        assertTrue(e.getMessage().endsWith("proc/loadavg"), e.getMessage());
    }
}
