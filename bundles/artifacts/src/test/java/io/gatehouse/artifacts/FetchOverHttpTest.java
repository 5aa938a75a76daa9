package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FetchOverHttpTest {
    @TempDir
    Path folder;

    private final Servers mqtt = new Servers();
    private final byte[] bytes = new byte[100_000];
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final List<Duration> rests = new CopyOnWriteArrayList<>();
    private HttpServer http;
    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        new Random(3).nextBytes(bytes);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        Pace pace = new Pace(1 << 20, 65_536, Duration.ofMillis(20), Duration.ofMillis(200), new Random(7), rests::add);
        store = new ArtifactStore(
                new Shelf(folder, 0, 0, at -> Long.MAX_VALUE / 2),
                Servers.nothingMade(folder),
                pace,
                Servers.DEVICE,
                mqtt);
        mqtt.answer(store);
    }

    @AfterEach
    void close() {
        http.stop(0);
        mqtt.close();
    }

    @Test
    void fetchesFromTheUrlAndAsksNobodyElse() throws Exception {
        Artifact artifact = at(this::withRanges);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(0, mqtt.requests().size());
    }

    @Test
    void resumesByRange() throws Exception {
        Artifact artifact = at(this::withRanges);
        begin(artifact, 40_000);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(List.of("bytes=40000-"), ranges);
    }

    @Test
    void goesOnAfterAConnectionThatBroke() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Artifact artifact = at(exchange -> {
            int end = requests.incrementAndGet() == 1 ? 30_000 : bytes.length;
            answer(exchange, from(exchange), end);
        });
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(List.of("none", "bytes=30000-"), ranges);
    }

    @Test
    void passesOverWhatIsHereWhereTheServerKnowsNoRanges() throws Exception {
        Artifact artifact = at(exchange -> {
            from(exchange);
            exchange.sendResponseHeaders(200, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        begin(artifact, 99_999);
        assertArrayEquals(bytes, fetched(artifact));
    }

    @Test
    void followsRedirects() throws Exception {
        Artifact there = at(this::withRanges);
        http.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/artifact");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        Artifact artifact = new Artifact(
                there.sha256(),
                there.size(),
                Optional.of(there.url().orElseThrow().resolve("/moved")));
        begin(artifact, 5);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(List.of("bytes=5-"), ranges);
    }

    @Test
    void endlessRedirectsAreNotFollowed() {
        Artifact artifact = at(exchange -> {
            exchange.getResponseHeaders().set("Location", "/artifact");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetched(artifact));
        assertTrue(failed.getMessage().contains("redirects more than"), failed.getMessage());
    }

    @Test
    void goesToMqttWhereTheUrlFails() throws Exception {
        Artifact artifact = at(exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        mqtt.serve(bytes);
        assertArrayEquals(bytes, fetched(artifact));
    }

    @Test
    void goesOnOverMqttWithWhatTheUrlBrought() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Artifact artifact = at(exchange -> {
            if (requests.incrementAndGet() == 1) {
                answer(exchange, 0, 30_000);
            } else {
                exchange.sendResponseHeaders(410, -1);
                exchange.close();
            }
        });
        mqtt.serve(bytes);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(30_000, mqtt.requests().get(0).offset());
    }

    @Test
    void namesBothCausesWhereNeitherWayWorks() {
        Artifact artifact = at(exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetched(artifact));
        assertEquals("unreachable", failed.type());
        assertTrue(failed.getMessage().contains("answered 503"), failed.getMessage());
        assertTrue(failed.getMessage().contains("artifact/get"), failed.getMessage());
        assertEquals(1, failed.getSuppressed().length);
    }

    @Test
    void takesNothingOfAnotherSize() {
        Artifact artifact = at(this::withRanges);
        Artifact signed = new Artifact(artifact.sha256(), 99_000, artifact.url());
        mqtt.pretend(artifact.sha256(), bytes);
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetched(signed));
        assertEquals("wrong-size", failed.type());
        assertTrue(failed.getMessage().contains("must have 99000 bytes"), failed.getMessage());
    }

    @Test
    void takesNoMoreThanTheSizeOfABodyWithoutLength() {
        Artifact artifact = at(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
                out.write(bytes);
            }
        });
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetched(artifact));
        assertTrue(failed.getMessage().contains("at least"), failed.getMessage());
    }

    @Test
    void whatTheUrlHadWrongMayStillComeOverMqttWhereThatWasSilent() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        Artifact artifact = at(exchange -> {
            requests.incrementAndGet(); // a page of a network that wants a login, for example
            exchange.sendResponseHeaders(200, 17);
            exchange.getResponseBody().write(new byte[17]);
            exchange.close();
        });
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetched(artifact));
        assertEquals("unreachable", failed.type());
        assertTrue(failed.getMessage().contains("has 17; and then no server answered"), failed.getMessage());
        mqtt.serve(bytes);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(2, requests.get());
    }

    @Test
    void throwsAwayWhatHashesToSomethingElse() throws IOException {
        Artifact artifact = at(this::withRanges);
        Artifact signed = new Artifact(Sha256.of(new byte[] {1}), artifact.size(), artifact.url());
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetched(signed));
        assertEquals("unreachable", failed.type());
        assertTrue(failed.getMessage().contains(artifact.sha256().hex()), failed.getMessage());
        assertEquals(0, Files.list(folder).count());
    }

    @Test
    void takesFromMqttWhatTheUrlHadWrong() throws Exception {
        byte[] wrong = new byte[bytes.length];
        Artifact artifact = at(exchange -> answer(exchange, wrong, 0, wrong.length));
        mqtt.serve(bytes);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(0, mqtt.requests().get(0).offset());
    }

    @Test
    void mqttBeginsAgainWhereTheUrlBeganWithSomethingElse() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        byte[] wrong = new byte[bytes.length];
        Artifact artifact = at(exchange -> {
            if (requests.incrementAndGet() == 1) {
                answer(exchange, wrong, 0, 30_000);
            } else {
                exchange.sendResponseHeaders(410, -1);
                exchange.close();
            }
        });
        mqtt.serve(bytes);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(
                List.of(30_000L, 0L),
                mqtt.requests().stream().map(ArtifactRequest::offset).toList());
    }

    @Test
    void theUrlBeginsAgainWhereWhatWasHereIsDamaged() throws Exception {
        Artifact artifact = at(this::withRanges);
        Files.write(folder.resolve(artifact.sha256() + ".part"), new byte[40_000]);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(List.of("bytes=40000-", "none"), ranges);
    }

    @Test
    void mqttBeginsAtZeroWhereTheUrlSentTooMuch() throws Exception {
        Artifact artifact = at(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(new byte[bytes.length]);
                out.write(bytes);
            }
        });
        mqtt.serve(bytes);
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(0, mqtt.requests().get(0).offset());
    }

    @Test
    void saysOfEachSourceWhatItHad() {
        Artifact artifact = at(this::withRanges);
        Artifact signed = new Artifact(Sha256.of(new byte[] {1}), artifact.size(), artifact.url());
        byte[] other = new byte[bytes.length];
        mqtt.pretend(signed.sha256(), other);
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetched(signed));
        assertEquals("wrong-digest", failed.type());
        assertTrue(failed.getMessage().contains("from " + artifact.url().orElseThrow() + " for"), failed.getMessage());
        assertTrue(failed.getMessage().contains(artifact.sha256().hex()), failed.getMessage());
        assertTrue(failed.getMessage().contains("over MQTT for"), failed.getMessage());
        assertTrue(failed.getMessage().contains(Sha256.of(other).hex()), failed.getMessage());
    }

    @Test
    void pausesLongerAndLongerBetweenAttempts() {
        Artifact artifact = at(exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        assertThrows(ArtifactUnavailable.class, () -> fetched(artifact));
        assertEquals(2, rests.size());
        assertTrue(rests.get(1).compareTo(rests.get(0).multipliedBy(3).dividedBy(2)) > 0, rests.toString());
    }

    @Test
    void anInterruptEndsAPause() {
        Artifact artifact = at(exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        HttpSource source = new HttpSource(new Pace(1, 1, Duration.ZERO, Duration.ZERO, new Random(7), time -> {
            throw new InterruptedException("no longer wanted");
        }));
        assertThrows(
                InterruptedException.class,
                () -> source.fetch(
                        artifact,
                        Part.open(folder.resolve(artifact.sha256() + ".part"), artifact, (done, size) -> {}),
                        artifact.size()));
    }

    private Artifact at(HttpHandler handler) {
        http.createContext("/artifact", handler);
        URI url = URI.create("http://localhost:" + http.getAddress().getPort() + "/artifact");
        return new Artifact(Sha256.of(bytes), bytes.length, Optional.of(url));
    }

    private byte[] fetched(Artifact artifact) throws IOException, InterruptedException {
        return Files.readAllBytes(store.fetch(artifact, (done, size) -> {}));
    }

    private void begin(Artifact artifact, int length) throws IOException {
        Files.write(folder.resolve(artifact.sha256() + ".part"), Arrays.copyOf(bytes, length));
    }

    private void withRanges(HttpExchange exchange) throws IOException {
        answer(exchange, from(exchange), bytes.length);
    }

    private int from(HttpExchange exchange) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        ranges.add(range == null ? "none" : range);
        return range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }

    /** Promises everything from there on, and sends as much as up to the end. */
    private void answer(HttpExchange exchange, int from, int end) throws IOException {
        answer(exchange, bytes, from, end);
    }

    private static void answer(HttpExchange exchange, byte[] bytes, int from, int end) throws IOException {
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, bytes.length - from);
        exchange.getResponseBody().write(bytes, from, end - from);
        exchange.getResponseBody().flush();
        exchange.close();
    }
}
