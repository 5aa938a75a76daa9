package io.gatehouse.collector.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorTest {
    /** A router with one MIPS core: seven modes short of guests, and the long line of interrupts behind. */
    private static final String MIPS = """
            cpu  5312 0 9870 801234 12 0 4410 0 0 0
            cpu0 5312 0 9870 801234 12 0 4410 0 0 0
            intr 9312345 0 0 0 0 0 0 1234 0
            ctxt 1234567
            """;

    @TempDir
    Path root;

    private Machine machine;
    private Processor processor;

    @BeforeEach
    void make() {
        machine = new Machine(root);
        processor = new Processor(root);
    }

    @Test
    void saysAtFirstWhatWasSinceTheMachineStarted() throws IOException {
        Reading reading = read(MIPS);
        assertEquals(0.0239, reading.values().get("busy"));
        assertEquals(0.0054, reading.values().get("softirq"));
        assertEquals(0.9761, reading.values().get("idle"));
        assertEquals(
                List.of(Map.of("core", 0, "busy", 0.0239)), reading.values().get("cores"));
    }

    @Test
    void saysThenWhatWasSinceTheLastReading() throws IOException {
        read("cpu  100 10 50 1000 40 5 5 0 0 0\ncpu0 100 10 50 1000 40 5 5 0 0 0\n");
        Reading reading = read("cpu  140 20 60 1020 50 6 6 8 0 0\ncpu0 140 20 60 1020 50 6 6 8 0 0\n");
        assertEquals(
                Map.of(
                        "busy",
                        0.7,
                        "user",
                        0.4,
                        "nice",
                        0.1,
                        "system",
                        0.1,
                        "idle",
                        0.2,
                        "iowait",
                        0.1,
                        "irq",
                        0.01,
                        "softirq",
                        0.01,
                        "steal",
                        0.08,
                        "cores",
                        List.of(Map.of("core", 0, "busy", 0.7))),
                reading.values());
    }

    @Test
    void takesACounterThatGoesBackAsUnchanged() throws IOException {
        read("cpu  100 0 100 1000 50 0 0 0 0 0\n");
        Reading reading = read("cpu  150 0 100 1050 40 0 0 0 0 0\n");
        assertEquals(0.5, reading.values().get("busy"));
        assertEquals(0.0, reading.values().get("iowait"));
    }

    @Test
    void saysNothingWhereNoTimePassed() throws IOException {
        read(MIPS);
        assertTrue(read(MIPS).isNothing());
    }

    @Test
    void followsCoresThatComeAndGo() throws IOException {
        read("cpu  20 0 0 80 0 0 0 0 0 0\ncpu0 10 0 0 40 0 0 0 0 0 0\ncpu1 10 0 0 40 0 0 0 0 0 0\n");
        Reading reading = read("cpu  40 0 0 160 0 0 0 0 0 0\ncpu0 20 0 0 80 0 0 0 0 0 0\ncpu3 5 0 0 5 0 0 0 0 0 0\n");
        assertEquals(
                List.of(Map.of("core", 0, "busy", 0.2), Map.of("core", 3, "busy", 0.5)),
                reading.values().get("cores"));
    }

    @Test
    void readsManyCores() throws IOException {
        StringBuilder stat = new StringBuilder("cpu  12800 0 0 12800 0 0 0 0 0 0\n");
        for (int core = 0; core < 128; core++) {
            stat.append("cpu").append(core).append(" 100 0 0 100 0 0 0 0 0 0\n");
        }
        Reading reading = read(stat.append("intr ").append("0 ".repeat(50_000)).toString());
        List<?> cores = (List<?>) reading.values().get("cores");
        assertEquals(128, cores.size());
        assertEquals(Map.of("core", 127, "busy", 0.5), cores.get(127));
    }

    @Test
    void knowsAKernelWithoutTheLaterModes() throws IOException {
        assertEquals(0.5, read("cpu  25 0 25 50\ncpu0 25 0 25 50\n").values().get("busy"));
    }

    @Test
    void readsThisMachine() throws IOException {
        Reading reading = new Processor().read();
        double busy = (double) reading.values().get("busy");
        assertTrue(busy > 0 && busy <= 1, reading.toString());
        List<?> cores = (List<?>) reading.values().get("cores");
        assertTrue(cores.size() >= Runtime.getRuntime().availableProcessors(), reading.toString());
    }

    private Reading read(String stat) throws IOException {
        machine.with("proc/stat", stat);
        return processor.read();
    }
}
