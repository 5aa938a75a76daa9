package io.gatehouse.collector.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrafficTest {
    private static final String HEAD = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:    7042      91    0    0    0     0          0         0     7042      91    0    0    0     0       0          0
            """;

    @TempDir
    Path root;

    private final AtomicLong nanos = new AtomicLong(5_000_000_000L);
    private Traffic traffic;

    @BeforeEach
    void make() {
        traffic = new Traffic(root, false, nanos::get);
    }

    @Test
    void saysTotalsAtFirstAndNoRates() throws IOException {
        assertEquals(
                List.of(Map.of(
                        "name", "eth0",
                        "rx", Map.of("bytes", 1000L, "packets", 10L, "errors", 1L, "drops", 2L),
                        "tx", Map.of("bytes", 500L, "packets", 5L, "errors", 3L, "drops", 4L))),
                read(eth0(1000, 10, 1, 2, 500, 5, 3, 4)).values().get("interfaces"));
    }

    @Test
    void reckonsRatesOverTheTimeThatPassed() throws IOException {
        read(eth0(1000, 10, 1, 2, 500, 5, 3, 4));
        nanos.addAndGet(12_500_000_000L);
        Reading reading = read(eth0(26_000, 35, 2, 2, 1750, 10, 3, 9));
        assertEquals(
                Map.of("bytes", 2000.0, "packets", 2.0, "errors", 0.08, "drops", 0.0),
                way(reading, "rx").get("perSecond"));
        assertEquals(
                Map.of("bytes", 100.0, "packets", 0.4, "errors", 0.0, "drops", 0.4),
                way(reading, "tx").get("perSecond"));
        assertEquals(26_000L, way(reading, "rx").get("bytes"));
    }

    @Test
    void knowsACounterOf32BitsThatRanOver() throws IOException {
        read(eth0(4_294_960_000L, 5_000_000, 0, 0, 100, 1, 0, 0));
        nanos.addAndGet(10_000_000_000L);
        Reading reading = read(eth0(92_704, 5_000_100, 0, 0, 200, 2, 0, 0));
        assertEquals(10_000.0, rate(reading, "rx", "bytes"));
        assertEquals(10.0, rate(reading, "tx", "bytes"));
    }

    @Test
    void saysNoRateWhereTheInterfaceWasMadeAnew() throws IOException {
        read(eth0(4_294_960_000L, 5_000_000, 0, 0, 100, 1, 0, 0));
        nanos.addAndGet(10_000_000_000L);
        Reading anew = read(eth0(92_704, 100, 0, 0, 0, 0, 0, 0));
        assertFalse(way(anew, "rx").containsKey("perSecond"));
        assertFalse(way(anew, "tx").containsKey("perSecond"));
        nanos.addAndGet(10_000_000_000L);
        assertEquals(1.0, rate(read(eth0(92_714, 110, 0, 0, 0, 0, 0, 0)), "rx", "bytes"));
    }

    @Test
    void saysNoRateWhereACounterOf64BitsBeganAnew() throws IOException {
        read(eth0(98_765_432_100L, 1000, 0, 0, 0, 0, 0, 0));
        nanos.addAndGet(10_000_000_000L);
        assertFalse(way(read(eth0(5000, 1010, 0, 0, 0, 0, 0, 0)), "rx").containsKey("perSecond"));
    }

    @Test
    void believesNoWrapThatWouldBeFasterThanAnyLink() throws IOException {
        read(eth0(3_300_000_000L, 1000, 0, 0, 0, 0, 0, 0));
        nanos.addAndGet(100_000_000L);
        assertFalse(way(read(eth0(5000, 1010, 0, 0, 0, 0, 0, 0)), "rx").containsKey("perSecond"));
    }

    @Test
    void followsInterfacesThatComeAndGo() throws IOException {
        read(eth0(1000, 1, 0, 0, 0, 0, 0, 0) + "wwan0: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n");
        nanos.addAndGet(1_000_000_000L);
        assertEquals(1, interfaces(read(eth0(1000, 1, 0, 0, 0, 0, 0, 0))).size());
        nanos.addAndGet(1_000_000_000L);
        Reading again = read(eth0(1000, 1, 0, 0, 0, 0, 0, 0) + "wwan0:9 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0\n");
        Map<String, Object> wwan0 = interfaces(again).get(1);
        assertEquals("wwan0", wwan0.get("name"));
        assertEquals(Map.of("bytes", 9L, "packets", 1L, "errors", 0L, "drops", 0L), wwan0.get("rx"));
    }

    @Test
    void readsTheLoopbackOnlyWhereAskedTo() throws IOException {
        assertTrue(read("").isNothing());
        traffic = new Traffic(root, true, nanos::get);
        assertEquals("lo", interfaces(read("")).get(0).get("name"));
    }

    @Test
    void saysNoRateWhereNoTimePassed() throws IOException {
        read(eth0(1000, 1, 0, 0, 0, 0, 0, 0));
        assertFalse(way(read(eth0(2000, 2, 0, 0, 0, 0, 0, 0)), "rx").containsKey("perSecond"));
    }

    @Test
    void readsThisMachine() throws IOException {
        Traffic here = new Traffic(Path.of("/"), true, System::nanoTime);
        here.read();
        Map<String, Object> lo = interfaces(here.read()).stream()
                .filter(line -> line.get("name").equals("lo"))
                .findFirst()
                .orElseThrow();
        assertTrue(((Map<?, ?>) lo.get("rx")).containsKey("perSecond"), lo.toString());
    }

    private static String eth0(long... counts) {
        return String.format(
                "  eth0:%d %d %d %d 0 0 0 0 %d %d %d %d 0 0 0 0%n",
                counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]);
    }

    private Reading read(String interfaces) throws IOException {
        new Machine(root).with("proc/net/dev", HEAD + interfaces);
        return traffic.read();
    }

    private static Object rate(Reading reading, String way, String counter) {
        return ((Map<?, ?>) way(reading, way).get("perSecond")).get(counter);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> way(Reading reading, String way) {
        return (Map<String, Object>) interfaces(reading).get(0).get(way);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> interfaces(Reading reading) {
        return (List<Map<String, Object>>) reading.values().get("interfaces");
    }
}
