package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker that somebody else wrote. */
final class Mosquitto implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");

    private final Process process;
    private final int port;

    /**
     * Starts it, or skips the test where it is not installed.
     *
     * @param settings lines of its configuration
     */
    Mosquitto(Path folder, String... settings) throws IOException {
        assumeTrue(
                Files.isExecutable(PROGRAM),
                "skipped: the transport is not tried with mosquitto, because there is no " + PROGRAM);
        port = freePort();
        // As another user, to whom it would change, it could not read a test's files.
        List<String> lines = new ArrayList<>(List.of("user " + System.getProperty("user.name")));
        lines.addAll(List.of("listener " + port + " 127.0.0.1", "allow_anonymous true"));
        lines.addAll(List.of(settings));
        Path configuration = Files.write(folder.resolve("mosquitto.conf"), lines);
        process = new ProcessBuilder(PROGRAM.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        await().until(this::listens);
    }

    URI uri(String scheme, String host) {
        return URI.create(scheme + "://" + host + ":" + port);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
