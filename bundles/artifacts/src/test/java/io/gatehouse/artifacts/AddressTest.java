package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AddressTest {
    @TempDir
    Path folder;

    private final Servers mqtt = new Servers();
    private final byte[] bytes = new byte[1000];
    private final List<String> users = new CopyOnWriteArrayList<>();
    private HttpServer http;
    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        new Random(3).nextBytes(bytes);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        store = mqtt.open(folder, Duration.ofMillis(200), Duration.ofMillis(20));
    }

    @AfterEach
    void close() {
        http.stop(0);
        mqtt.close();
    }

    @Test
    void userAndPasswordGoAsBasicAuthentication() throws Exception {
        Artifact artifact = guarded("ann:b%2Bc+%3A%40d@");
        assertArrayEquals(bytes, fetched(artifact));
        assertEquals(List.of("ann:b+c+:@d"), users);
    }

    @Test
    void redirectsToAnotherServerAreFollowedWithoutThePassword() throws Exception {
        Artifact artifact = guarded("ann:secret@");
        http.createContext("/moved", exchange -> {
            user(exchange);
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + port() + "/artifact");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertArrayEquals(bytes, fetched(moved(artifact)));
        assertEquals(List.of("ann:secret", "none"), users);
    }

    @Test
    void redirectsWithinTheServerAreFollowedWithThePassword() throws Exception {
        Artifact artifact = guarded("ann:secret@");
        http.createContext("/moved", exchange -> {
            user(exchange);
            exchange.getResponseHeaders().set("Location", "/artifact");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertArrayEquals(bytes, fetched(moved(artifact)));
        assertEquals(List.of("ann:secret", "ann:secret"), users);
    }

    @Test
    void noErrorShowsUserPasswordOrSignature() {
        List<HttpHandler> answers = List.of(
                exchange -> exchange.sendResponseHeaders(404, -1),
                exchange -> exchange.sendResponseHeaders(503, -1),
                exchange -> exchange.sendResponseHeaders(200, 5),
                exchange -> answer(exchange, new byte[bytes.length]),
                exchange -> redirect(exchange, "ftp://ann:secret@example.com/?signature=secret"),
                exchange -> redirect(exchange, "http://ann:secret@[broken/?signature=secret"),
                exchange -> redirect(exchange, "mailto:secret"),
                exchange -> redirect(exchange, "/artifact?signature=secret"));
        for (HttpHandler answer : answers) {
            Artifact artifact = at(exchange -> {
                answer.handle(exchange);
                exchange.close();
            });
            URI url = URI.create("http://ann:secret@localhost:" + port() + "/artifact?signature=secret");
            ArtifactUnavailable failed = assertThrows(
                    ArtifactUnavailable.class,
                    () -> fetched(new Artifact(artifact.sha256(), artifact.size(), Optional.of(url))));
            StringWriter trace = new StringWriter();
            failed.printStackTrace(new PrintWriter(trace));
            assertTrue(trace.toString().contains("http://localhost:" + port() + "/artifact?…"), trace.toString());
            assertFalse(trace.toString().contains("secret"), trace.toString());
            http.removeContext("/artifact");
        }
    }

    @Test
    void goesToMqttWhereTheUrlNamesNoHost() throws Exception {
        Artifact artifact = mqtt.serve(bytes);
        for (String url : List.of("http:///artifact", "http://ann:secret@/artifact")) {
            Artifact nowhere = new Artifact(artifact.sha256(), artifact.size(), Optional.of(URI.create(url)));
            Files.delete(store.fetch(nowhere, (done, size) -> {}));
        }
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    /** At a server that asks nobody for a password, but remembers who came with which. */
    private Artifact guarded(String user) {
        Artifact artifact = at(exchange -> {
            user(exchange);
            answer(exchange, bytes);
        });
        URI url = URI.create("http://" + user + "localhost:" + port() + "/artifact");
        return new Artifact(artifact.sha256(), artifact.size(), Optional.of(url));
    }

    private static Artifact moved(Artifact artifact) {
        URI url = URI.create(artifact.url().orElseThrow().toString().replace("/artifact", "/moved"));
        return new Artifact(artifact.sha256(), artifact.size(), Optional.of(url));
    }

    private void user(HttpExchange exchange) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        users.add(
                authorization == null
                        ? "none"
                        : new String(
                                Base64.getDecoder().decode(authorization.substring("Basic ".length())),
                                StandardCharsets.UTF_8));
    }

    private int port() {
        return http.getAddress().getPort();
    }

    private Artifact at(HttpHandler handler) {
        http.createContext("/artifact", handler);
        return new Artifact(Sha256.of(bytes), bytes.length, Optional.empty());
    }

    private byte[] fetched(Artifact artifact) throws IOException, InterruptedException {
        return Files.readAllBytes(store.fetch(artifact, (done, size) -> {}));
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
