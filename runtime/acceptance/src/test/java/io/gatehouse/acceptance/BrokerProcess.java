package io.gatehouse.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real broker in a process of its own, always at the same port of the loopback address. */
public abstract class BrokerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final int port;
    private Child child;

    protected BrokerProcess() throws IOException {
        this.port = freePort();
    }

    /** A port at which nobody listens. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public final int port() {
        return port;
    }

    public final URI uri() {
        return URI.create("tcp://127.0.0.1:" + port);
    }

    /** Starts it, and waits until it answers. */
    public final void start() throws IOException {
        child = launch();
        Awaitility.await(this + " at port " + port).atMost(START).until(() -> {
            if (!child.isAlive()) {
                throw new AssertionError(this + " ended; it said:\n" + child.output());
            }
            return answers();
        });
    }

    /** Ends it in peace. */
    public final void stop() throws InterruptedException {
        child.stop();
    }

    /** Ends it as a power cut does. */
    public final void kill() throws InterruptedException {
        child.kill();
    }

    /** Makes it forget everything, while it does not run. */
    public abstract void forget() throws IOException;

    /** Lets it stand still, with all connections open. */
    public final void pause() throws IOException, InterruptedException {
        child.signal("STOP");
    }

    public final void resume() throws IOException, InterruptedException {
        child.signal("CONT");
    }

    /** What it said since it was started last. */
    public final String output() {
        return child.output();
    }

    @Override
    public final void close() {
        if (child != null) {
            child.close();
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName();
    }

    protected abstract Child launch() throws IOException;

    /** Deletes what is in a directory, but not itself. */
    protected static void empty(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
