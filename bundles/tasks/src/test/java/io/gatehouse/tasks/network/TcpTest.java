package io.gatehouse.tasks.network;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class TcpTest {
    private final Tcp tcp = new Tcp();

    @Test
    void saysHowSoonAPortTakesAConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Outcome.Done done = (Outcome.Done) ask(Map.of("host", "localhost", "port", server.getLocalPort()));
            assertEquals(
                    List.of("host", "address", "port", "took"),
                    List.copyOf(done.result().keySet()));
            assertEquals("127.0.0.1", done.result().get("address"));
            assertEquals(server.getLocalPort(), done.result().get("port"));
            double took = (double) done.result().get("took");
            assertTrue(took > 0 && took < 5, () -> took + " s");
        }
    }

    @Test
    void tellsARefusalFromSilenceAndFromNoWay() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            port = server.getLocalPort();
        }
        assertEquals("refused-by-host", failure(Map.of("host", "127.0.0.1", "port", port)));
        // TCP cannot speak to all at once: the kernel says so at once, whatever its routes
        assertEquals("unreachable", failure(Map.of("host", "255.255.255.255", "port", 80)));
        assertEquals("unknown-host", failure(Map.of("host", "nobody.invalid", "port", 80)));
        try (Deaf deaf = new Deaf()) {
            long began = System.nanoTime();
            Outcome.Failed failed =
                    (Outcome.Failed) ask(Map.of("host", "127.0.0.1", "port", deaf.port(), "timeout", "PT0.3S"));
            assertEquals("timed-out", failed.problem().type());
            assertEquals(
                    "127.0.0.1:" + deaf.port() + " did not answer within PT0.3S",
                    failed.problem().detail());
            assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 5);
        }
    }

    @Test
    void endsWhenItIsCancelled() throws Exception {
        try (Deaf deaf = new Deaf()) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    ask(Map.of("host", "127.0.0.1", "port", deaf.port(), "timeout", "PT60S"));
                } catch (Exception e) {
                    thrown.set(e);
                }
            });
            caller.start();
            await().until(() -> hasFrame(caller, "java.nio.channels.SocketChannel", "connect")
                    || hasFrame(caller, "sun.nio.ch.SocketChannelImpl", "connect"));
            caller.interrupt();
            caller.join(5000);
            assertInstanceOf(InterruptedException.class, thrown.get());
            await().until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("network-deadline")));
        }
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThrows(BadArgument.class, () -> ask(Map.of("host", "127.0.0.1", "port", 0)));
        assertThrows(BadArgument.class, () -> ask(Map.of("host", "127.0.0.1", "port", 65536)));
        assertThrows(BadArgument.class, () -> ask(Map.of("host", "127.0.0.1")));
        assertThrows(BadArgument.class, () -> ask(Map.of("host", "-f", "port", 80)));
        assertThrows(BadArgument.class, () -> ask(Map.of("host", "127.0.0.1", "port", 80, "timeout", "PT1H")));
    }

    private static boolean hasFrame(Thread thread, String type, String method) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (frame.getClassName().equals(type) && frame.getMethodName().equals(method)) {
                return true;
            }
        }
        return false;
    }

    private String failure(Map<String, ?> arguments) throws InterruptedException {
        return ((Outcome.Failed) ask(arguments)).problem().type();
    }

    private Outcome ask(Map<String, ?> arguments) throws InterruptedException {
        return tcp.handle(Asked.with(arguments));
    }

    /** A port whose queue is full, so that the kernel drops whoever else knocks. */
    static final class Deaf implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        private final List<SocketChannel> queue = new ArrayList<>();

        Deaf() throws IOException {
            for (int waiting = 0; waiting < 8; waiting++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()));
                queue.add(channel);
            }
        }

        int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : queue) {
                channel.close();
            }
            server.close();
        }
    }
}
