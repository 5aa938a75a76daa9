package io.gatehouse.tasks.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThroughputTest {
    private final Throughput throughput = new Throughput();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"up", "down"})
    void measuresToAndFromARealIperfServer(String direction) throws Exception {
        try (IperfServer server = new IperfServer()) {
            Map<String, ?> result =
                    done(Map.of("peer", "127.0.0.1:" + server.port, "seconds", 1, "direction", direction));
            assertEquals("127.0.0.1:" + server.port, result.get("peer"));
            assertEquals(direction, result.get("direction"));
            double seconds = (double) result.get("seconds");
            assertTrue(seconds > 0.9 && seconds < 5, result.toString());
            long bytes = (long) result.get("bytes");
            assertTrue(bytes > 1_000_000, result.toString());
            assertEquals(bytes * 8 / seconds, ((Number) result.get("bitsPerSecond")).doubleValue(), 1e-3 * bytes);
            assertTrue(result.containsKey("retransmits"), result.toString());
        }
    }

    @Test
    void saysThatNoServerListens() throws Exception {
        assumeTrue(Program.find("iperf3").isPresent(), "there is no iperf3");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Outcome.Failed failed = failed(Map.of("peer", "127.0.0.1:" + port, "seconds", 1));
        assertEquals("refused-by-host", failed.problem().type());
        assertEquals(
                "iperf3 with 127.0.0.1:" + port + ": unable to connect to server: Connection refused",
                failed.problem().detail());
        assertEquals(
                "unknown-host",
                failed(Map.of("peer", "nobody.invalid")).problem().type());
    }

    @Test
    void namesThePackageWhereThereIsNoProgram() throws Exception {
        Outcome.Refused refused = (Outcome.Refused)
                new Throughput(Optional::empty, Witness::ofThisMachine).handle(Asked.with(Map.of("peer", "127.0.0.1")));
        assertEquals("unavailable", refused.problem().type());
        assertTrue(refused.problem().detail().contains("package iperf3"));
    }

    @Test
    void fetchesForAsLongAsItIsTold() throws Exception {
        HttpServer server = endless();
        try {
            Asked asked = Asked.with(Map.of("url", url(server, "/"), "seconds", 1));
            Map<String, ?> result = ((Outcome.Done) throughput.handle(asked)).result();
            assertEquals(url(server, "/"), result.get("url"));
            assertEquals("down", result.get("direction"));
            assertEquals(1, (double) result.get("seconds"), 0.9);
            assertTrue((long) result.get("bytes") > 1_000_000, result.toString());
            assertFalse(asked.ratios().isEmpty());
            assertEquals(
                    "http-status",
                    failed(Map.of("url", url(server, "/none"))).problem().type());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysHowLongItTookWhereThereIsLess() throws Exception {
        try (TlsServer server = new TlsServer(folder, "CN=localhost", "san=dns:localhost")) {
            Map<String, ?> result = ((Outcome.Done) new Throughput(Optional::empty, server.trust())
                            .handle(Asked.with(Map.of("url", server.url(), "seconds", 30))))
                    .result();
            assertEquals(100_000L, result.get("bytes"));
            assertTrue((double) result.get("seconds") < 20);
            assertEquals(
                    "not-trusted", failed(Map.of("url", server.url())).problem().type());
            assertEquals(1, server.requests());
        }
    }

    @Test
    void endsAFetchWhenItIsCancelled() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        HttpServer server = endless(asked);
        try {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    throughput.handle(Asked.with(Map.of("url", url(server, "/"), "seconds", 60)));
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
            caller.start();
            asked.await();
            caller.interrupt();
            caller.join(10_000);
            assertInstanceOf(InterruptedException.class, thrown.get());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void refusesWhatItCannotMeasure() {
        for (Map<String, ?> wrong : List.<Map<String, ?>>of(
                Map.of(),
                Map.of("peer", "a", "url", "http://a/"),
                Map.of("peer", "a", "direction", "both"),
                Map.of("url", "http://a/", "direction", "up"),
                Map.of("peer", "a", "seconds", 61),
                Map.of("peer", "a", "seconds", 0),
                Map.of("peer", "-x"),
                Map.of("peer", "a:0"),
                Map.of("peer", "a:70000"),
                Map.of("peer", "a:b"),
                Map.of("url", "ftp://a/"))) {
            assertThrows(BadArgument.class, () -> throughput.handle(Asked.with(wrong)), wrong::toString);
        }
    }

    @Test
    void readsEachWayToWriteAPeer() {
        assertEquals("a.example:5201", peer("a.example"));
        assertEquals("a.example:99", peer("a.example:99"));
        assertEquals("[2001:db8::1]:5201", peer("2001:db8::1"));
        assertEquals("[2001:db8::1]:99", peer("[2001:db8::1]:99"));
        assertEquals("[2001:db8::1]:5201", peer("[2001:db8::1]"));
    }

    @Test
    void tellsWhatCannotBeReadFromAReport() {
        assertEquals(Optional.empty(), Iperf.Report.read(""));
        assertEquals(Optional.empty(), Iperf.Report.read("{\"end\":{\"sum_received\":{\"bytes\":1}}}"));
        assertEquals(Optional.of("the server is busy"), Iperf.Report.error("{\"error\": \"the server is busy\"}"));
    }

    private static String peer(String text) {
        Map<String, ?> arguments = Map.of("peer", text);
        return Peer.of(Asked.with(arguments).arguments(), "peer", 5201).toString();
    }

    private static HttpServer endless() throws IOException {
        return endless(new CountDownLatch(1));
    }

    private static HttpServer endless(CountDownLatch asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(work -> {
            Thread thread = new Thread(work, "test-endless");
            thread.setDaemon(true);
            thread.start();
        });
        server.createContext("/", exchange -> {
            boolean isThere = exchange.getRequestURI().getPath().equals("/");
            exchange.sendResponseHeaders(isThere ? 200 : 404, isThere ? 0 : -1);
            asked.countDown();
            try {
                while (isThere) {
                    exchange.getResponseBody().write(new byte[64 << 10]);
                }
            } finally {
                exchange.close();
            }
        });
        server.start();
        return server;
    }

    private static String url(HttpServer server, String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Map<String, ?> done(Map<String, ?> arguments) throws IOException, InterruptedException {
        Outcome outcome = throughput.handle(Asked.with(arguments));
        return assertInstanceOf(Outcome.Done.class, outcome, outcome::toString).result();
    }

    private Outcome.Failed failed(Map<String, ?> arguments) throws IOException, InterruptedException {
        Outcome outcome = throughput.handle(Asked.with(arguments));
        return assertInstanceOf(Outcome.Failed.class, outcome, outcome::toString);
    }

    /** A real one, for one test. */
    private static final class IperfServer implements AutoCloseable {
        private final Process process;
        private final int port;

        IperfServer() throws IOException {
            Optional<Program> program = Program.find("iperf3");
            assumeTrue(program.isPresent(), "there is no iperf3");
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            List<String> command = new ArrayList<>(program.get().command());
            command.addAll(List.of("-s", "-1", "-p", String.valueOf(port), "--forceflush"));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            BufferedReader output = process.inputReader();
            String line = output.readLine();
            while (line != null && !line.startsWith("Server listening")) {
                line = output.readLine();
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
