package io.gatehouse.tunnel.ssh;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A device's own web server: it answers a request with the bytes that came, behind some of its own. */
final class Site implements AutoCloseable {
    static final byte[] OWN = bytes(3_000_000);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Site() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] came = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, OWN.length + came.length);
            exchange.getResponseBody().write(OWN);
            exchange.getResponseBody().write(came);
            exchange.close();
        });
        server.setExecutor(threads);
        server.start();
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Sends bytes to the site that is reached at a port, and answers what came back. */
    static byte[] post(int port, byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
                .timeout(Duration.ofMinutes(1))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
