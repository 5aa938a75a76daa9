package io.gatehouse.tunnel.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What tunnels by a true OpenSSH server are held to. */
class TunnelLimitsTest extends Scene {
    @Test
    void opensNoMoreTunnelsThanItMay() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "tunnels", 1));
        Map<String, ?> first = bench.opened(order());

        assertEquals("refused too-many", Bench.problem(bench.open(order())));

        bench.tunnels.close(String.valueOf(first.get("id")));
        bench.opened(order());
    }

    @Test
    void takesNoMoreConnectionsThanItMay() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "connections", 1));
        int port = Bench.port(bench.opened(order()));
        try (Socket first = new Socket("localhost", port)) {
            await().atMost(Bench.SOON)
                    .until(() -> bench.list().get(0).get("connections").equals(1));
            try (Socket second = new Socket("localhost", port)) {
                assertEquals(-1, second.getInputStream().read());
                assertTrue(first.isConnected());
            }
        }
        await().atMost(Bench.SOON)
                .until(() -> bench.list().get(0).get("connections").equals(0));

        assertCarries(port);
    }

    @Test
    void goesNoFasterThanItMay() throws Exception {
        replaceBench(Map.of("targets", Bench.targets(site.port()), "bandwidth", 1_000_000L));
        int port = Bench.port(bench.opened(order()));
        long begun = System.nanoTime();

        assertCarries(port);

        double seconds = (System.nanoTime() - begun) / 1e9;
        // 2.5 MB in and 5.5 MB out, but for what the first quarter of a second and one window let through
        assertTrue(seconds > 4.5 && seconds < 30, "took " + seconds + " s");
    }

    @Test
    void closesAtOnceThoughItsRelayTakesNothing() throws Exception {
        try (Brook brook = new Brook(true)) {
            replaceBench(Map.of("targets", Bench.targets(brook.port())));
            Map<String, Object> order = order();
            order.put("target", "127.0.0.1:" + brook.port());
            Map<String, ?> answer = bench.opened(order);
            try (Socket reader = new Socket("localhost", Bench.port(answer))) {
                assertTrue(reader.getInputStream().read() >= 0);
                relay.signal("STOP");
                AtomicLong seen = new AtomicLong(-1);
                await().atMost(Bench.SOON)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(() -> seen.getAndSet(sent()) == sent());

                assertTrue(bench.tunnels.close(String.valueOf(answer.get("id"))) instanceof Outcome.Done);

                assertEquals(List.of(), bench.list());
            } finally {
                relay.signal("CONT");
            }
        }
    }

    private long sent() {
        return (long) bench.list().get(0).get("sent");
    }

    @Test
    void holdsNoMoreThanAWindowForATargetThatTakesNothingAndCarriesTheOthers() throws Exception {
        try (Brook brook = new Brook(false)) {
            replaceBench(Map.of("targets", Bench.targets(brook.port(), site.port()), "tunnels", 2));
            Map<String, Object> order = order();
            order.put("target", "127.0.0.1:" + brook.port());
            Map<String, ?> answer = bench.opened(order);
            int other = Bench.port(bench.opened(order()));
            try (SocketChannel writer = upload(Bench.port(answer))) {
                awaitStuck(List.of(writer));

                assertCarries(other);

                long received = (long) bench.list().get(0).get("received");
                assertTrue(received < brook.most() + (2L << 20), "received " + received);
            }
        }
    }

    @Test
    void holdsLittleForAllTargetsTogetherThatTakeNothing() throws Exception {
        List<SocketChannel> writers = new ArrayList<>();
        try (Brook brook = new Brook(false)) {
            replaceBench(Map.of("targets", Bench.targets(brook.port())));
            Map<String, Object> order = order();
            order.put("target", "127.0.0.1:" + brook.port());
            List<Integer> ports = List.of(Bench.port(bench.opened(order)), Bench.port(bench.opened(order)));
            long before = heap();
            for (int i = 0; i < 32; i++) {
                writers.add(upload(ports.get(i % 2)));
            }

            awaitStuck(writers);

            assertEquals(16, bench.list().get(0).get("connections"));
            assertEquals(16, bench.list().get(1).get("connections"));
            long held = heap() - before;
            assertTrue(held < 8L << 20, "held " + held); // 4 MiB, and what 32 channels take themselves
        } finally {
            for (SocketChannel writer : writers) {
                writer.close();
            }
        }
    }

    private static SocketChannel upload(int port) throws IOException {
        SocketChannel writer = SocketChannel.open(new InetSocketAddress("localhost", port));
        writer.configureBlocking(false);
        return writer;
    }

    /** Writes until nobody has taken anything for a second. */
    private static void awaitStuck(List<SocketChannel> writers) {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        AtomicLong stuckSince = new AtomicLong(System.nanoTime());
        await().atMost(Bench.SOON).until(() -> {
            for (SocketChannel writer : writers) {
                while (writer.write(zeros.clear()) > 0) {
                    stuckSince.set(System.nanoTime());
                }
            }
            return System.nanoTime() - stuckSince.get() > 1e9;
        });
    }

    /** Bytes in use, when what nobody uses is gone. */
    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
