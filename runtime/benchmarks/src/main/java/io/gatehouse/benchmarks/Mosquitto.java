package io.gatehouse.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The broker: one mosquitto process on loopback, for all that is measured in a run. */
final class Mosquitto implements AutoCloseable {
    /** Not its defaults: 20 messages on their way would measure the broker's window, and a subscriber must not lose any. */
    private static final List<String> SETTINGS = List.of(
            "allow_anonymous true", "persistence false", "max_inflight_messages 1000", "max_queued_messages 1000000");

    private static final int PATIENCE_MILLIS = 10_000;

    private final Running process;
    private final URI uri;
    private final String version;

    private Mosquitto(Running process, URI uri, String version) {
        this.process = process;
        this.uri = uri;
        this.version = version;
    }

    /** Where it is installed, if it is. */
    static Optional<Path> installed() {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Mosquitto start(Path program, Path work) throws IOException, InterruptedException {
        int port = freePort();
        Path settings = work.resolve("mosquitto.conf");
        Files.writeString(settings, "listener " + port + " 127.0.0.1\n" + String.join("\n", SETTINGS) + "\n");
        Running process = Running.start(
                List.of(program.toString(), "-c", settings.toString()), Map.of(), work.resolve("mosquitto.log"));
        Mosquitto mosquitto = new Mosquitto(process, URI.create("tcp://127.0.0.1:" + port), version(program));
        mosquitto.awaitPort(port);
        return mosquitto;
    }

    URI uri() {
        return uri;
    }

    /** What Linux says of its memory under this name, in bytes. */
    long memory(String name) throws IOException {
        return process.ownMemory(name);
    }

    String description() {
        return version + ", one process for the whole run; `" + String.join("`, `", SETTINGS) + "`";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String version(Path program) throws IOException {
        Process help = new ProcessBuilder(program.toString(), "-h")
                .redirectErrorStream(true)
                .start();
        String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().findFirst().orElse("mosquitto");
    }

    private void awaitPort(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("mosquitto does not listen at port " + port + "; see " + process.log(), e);
                }
                Thread.sleep(10);
            }
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
