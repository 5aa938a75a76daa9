package io.gatehouse.tasks.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpTest {
    @TempDir
    Path folder;

    private final Http http = new Http();
    private HttpServer server;
    private String base;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().toString();
            byte[] body = new byte[path.equals("/large") ? 100_000 : 0];
            if (path.equals("/moved")) {
                exchange.getResponseHeaders().add("Location", "large?x=%C3%A4");
            } else if (path.equals("/loop")) {
                exchange.getResponseHeaders().add("Location", "/loop");
            }
            int status = path.equals("/moved") || path.equals("/loop") ? 302 : path.equals("/none") ? 404 : 200;
            exchange.sendResponseHeaders(
                    status,
                    path.equals("/chunks")
                            ? 0
                            : body.length == 0 || exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
            if (path.equals("/chunks")) {
                exchange.getResponseBody().write(new byte[50_000]);
                exchange.getResponseBody().write(new byte[7]);
            } else {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void measuresEachStepAndCountsTheBody() throws Exception {
        Map<String, ?> result = done(Map.of("url", base + "/large"));
        assertEquals(base + "/large", result.get("url"));
        assertEquals(200, result.get("status"));
        assertEquals("HTTP/1.1", result.get("version"));
        assertEquals(100_000L, result.get("bytes"));
        Map<?, ?> timing = (Map<?, ?>) result.get("timing");
        assertEquals(List.of("dns", "connect", "firstByte", "total"), List.copyOf(timing.keySet()));
        double sum = 0;
        for (String step : List.of("dns", "connect", "firstByte")) {
            assertTrue((double) timing.get(step) > 0, step);
            sum += (double) timing.get(step);
        }
        assertTrue((double) timing.get("total") >= sum - 0.00001, timing.toString());
        assertFalse(result.containsKey("certificate"));
    }

    @Test
    void readsChunksAndNoBodyOfAHead() throws Exception {
        assertEquals(50_007L, done(Map.of("url", base + "/chunks")).get("bytes"));
        assertEquals(0L, done(Map.of("url", base + "/large", "method", "HEAD")).get("bytes"));
        assertEquals(404, done(Map.of("url", base + "/none")).get("status"));
    }

    @Test
    void readsNoMoreThanItMay() throws Exception {
        Map<String, ?> cut = done(Map.of("url", base + "/large", "limit", 99_999));
        assertEquals(99_999L, cut.get("bytes"));
        assertEquals(true, cut.get("cut"));
        assertFalse(done(Map.of("url", base + "/large", "limit", 100_000)).containsKey("cut"));
        assertEquals(0L, done(Map.of("url", base + "/large", "limit", 0)).get("bytes"));
    }

    @Test
    void goesWhereAnAnswerLeadsOnlyIfItIsToldTo() throws Exception {
        Map<String, ?> stayed = done(Map.of("url", base + "/moved"));
        assertEquals(302, stayed.get("status"));
        assertEquals("large?x=%C3%A4", stayed.get("location"));
        Map<String, ?> followed = done(Map.of("url", base + "/moved", "follow", true));
        assertEquals(200, followed.get("status"));
        assertEquals(base + "/large?x=%C3%A4", followed.get("url"));
        Outcome.Failed loop = failed(Map.of("url", base + "/loop", "follow", true));
        assertEquals("too-many-redirects", loop.problem().type());
        assertEquals(base + "/loop leads on, after 5 that did", loop.problem().detail());
    }

    @Test
    void showsACertificateThatNobodyVouchesForAndAsksNothingOfItsServer() throws Exception {
        try (TlsServer secure = new TlsServer(folder, "CN=localhost", "san=dns:localhost")) {
            Map<String, ?> result = done(Map.of("url", secure.url()));
            assertFalse(result.containsKey("status"));
            assertFalse(result.containsKey("bytes"));
            assertEquals(0, secure.requests());
            Map<?, ?> certificate = (Map<?, ?>) result.get("certificate");
            assertEquals(false, certificate.get("trusted"));
            assertEquals("self-signed", certificate.get("problem"));
            assertEquals("CN=localhost", certificate.get("subject"));
            assertEquals("CN=localhost", certificate.get("issuer"));
            assertEquals(secure.digest(), certificate.get("sha256"));
            assertEquals(secure.notAfter(), certificate.get("notAfter"));
        }
    }

    @Test
    void asksAServerWhoseCertificateIsTrusted() throws Exception {
        try (TlsServer secure = new TlsServer(folder, "CN=localhost", "san=dns:localhost")) {
            Outcome outcome = new Http(secure.trust()).handle(Asked.with(Map.of("url", secure.url())));
            Map<String, ?> result = ((Outcome.Done) outcome).result();
            assertEquals(200, result.get("status"));
            assertEquals("TLSv1.3", result.get("tls"));
            assertEquals(true, ((Map<?, ?>) result.get("certificate")).get("trusted"));
            assertEquals(
                    List.of("dns", "connect", "tls", "firstByte", "total"),
                    List.copyOf(((Map<?, ?>) result.get("timing")).keySet()));
            assertEquals(1, secure.requests());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "san=dns:other.example, 0, other-host",
        "san=dns:localhost, -30, expired",
        "san=dns:localhost, 30, not-yet-valid"
    })
    void saysWhatIsWrongWithACertificateOfATrustedAuthority(String name, int startDays, String problem)
            throws Exception {
        try (TlsServer secure = new TlsServer(folder, "CN=localhost", name, startDays)) {
            Outcome outcome = new Http(secure.trust()).handle(Asked.with(Map.of("url", secure.url())));
            Map<?, ?> certificate =
                    (Map<?, ?>) ((Outcome.Done) outcome).result().get("certificate");
            assertEquals(false, certificate.get("trusted"), certificate.toString());
            assertEquals(problem, certificate.get("problem"), certificate.toString());
            assertEquals(0, secure.requests());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'SSH-2.0-dropbear\r\n', not-http",
        "'HTTP/1.1 abc\r\n\r\n', not-http",
        "'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', not-http",
        "'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab', closed-by-host",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', not-http",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n', closed-by-host",
        "'', closed-by-host",
        "'HTTP/1.1 400 Bad Request\r\n\r\n', tls"
    })
    void saysWhatIsWrongWithAnAnswer(String answer, String type) throws Exception {
        try (ServerSocket raw = new ServerSocket(0)) {
            Thread thread = new Thread(() -> {
                try (Socket socket = raw.accept()) {
                    byte[] request = new byte[4096];
                    int read = socket.getInputStream().read(request);
                    assertTrue(read > 0);
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            thread.start();
            String scheme = type.equals("tls") ? "https" : "http";
            Outcome.Failed failed = failed(Map.of("url", scheme + "://127.0.0.1:" + raw.getLocalPort() + "/"));
            assertEquals(type, failed.problem().type(), failed.toString());
            thread.join();
        }
    }

    @Test
    void endsABodyThatTricklesForEver() throws Exception {
        try (Trickle trickle = new Trickle()) {
            Outcome.Failed failed = failed(Map.of("url", trickle.url(), "timeout", "PT0.5S"));
            assertEquals("timed-out", failed.problem().type());
            assertTrue(failed.problem().detail().endsWith("did not answer within PT0.5S"), failed.toString());
        }
    }

    @Test
    void endsWhenItIsCancelled() throws Exception {
        try (Trickle trickle = new Trickle()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    http.handle(Asked.with(Map.of("url", trickle.url(), "timeout", "PT60S")));
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
            caller.start();
            trickle.awaitRequest();
            caller.interrupt();
            caller.join(5000);
            assertInstanceOf(InterruptedException.class, thrown.get());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ftp://a/",
                "file:///etc/passwd",
                "http:///x",
                "http://u:p@a/",
                "http://a b/",
                "http://a/\r\nX: y",
                "//a/",
                "http://-f/",
                "http://a:0/",
                "http://a:65536/",
                "jar:http://a!/"
            })
    void refusesWhatIsNoAddress(String url) {
        BadArgument e = assertThrows(BadArgument.class, () -> done(Map.of("url", url)));
        assertTrue(e.getMessage().startsWith("url must be an http or https address"), e.getMessage());
        assertThrows(BadArgument.class, () -> done(Map.of("url", base, "method", "POST")));
        assertThrows(BadArgument.class, () -> done(Map.of("url", base, "limit", -1)));
    }

    @Test
    void writesAnyAddressAsARequestMayHaveIt() {
        assertEquals("GET / HTTP/1.1", firstLine("http://a.example"));
        assertEquals("GET /?b HTTP/1.1", firstLine("http://a.example?b"));
        assertEquals("GET /%C3%A4?b/c HTTP/1.1", firstLine("http://a.example/ä?b/c#d"));
        assertEquals("GET //b HTTP/1.1", firstLine("http://[::1]:8080//b"));
    }

    private String firstLine(String url) {
        Map<String, ?> arguments = Map.of("url", url);
        HttpRequest request = HttpRequest.of(Asked.with(arguments).arguments(), "url", "GET");
        return new String(request.bytes(), StandardCharsets.US_ASCII).split("\r\n")[0];
    }

    private Map<String, ?> done(Map<String, ?> arguments) throws InterruptedException {
        Outcome outcome = http.handle(Asked.with(arguments));
        return assertInstanceOf(Outcome.Done.class, outcome, outcome::toString).result();
    }

    private Outcome.Failed failed(Map<String, ?> arguments) throws InterruptedException {
        Outcome outcome = http.handle(Asked.with(arguments));
        return assertInstanceOf(Outcome.Failed.class, outcome, outcome::toString);
    }

    /** Answers with a body that never ends, a byte now and then. */
    private static final class Trickle implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0);
        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);

        Trickle() throws IOException {
            Thread thread = new Thread(this::serve, "test-trickle");
            thread.setDaemon(true);
            thread.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getLocalPort() + "/";
        }

        void awaitRequest() throws InterruptedException {
            asked.await();
        }

        private void serve() {
            try (Socket socket = server.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write("HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                asked.countDown();
                while (!over.await(20, TimeUnit.MILLISECONDS)) {
                    out.write('x');
                }
            } catch (IOException | InterruptedException e) {
                asked.countDown(); // the other end is gone, as it should be
            }
        }

        @Override
        public void close() throws IOException {
            over.countDown();
            server.close();
        }
    }
}
