package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator's programs connect: carries each connection to where the device listens now, and counts. It stays while the tunnel
 * is lost; who comes meanwhile is turned away, and so is who would be one too many.
 */
public final class LocalDoor implements AutoCloseable {
    private static final int PIECE = 32 * 1024;

    /** Connections at once; each takes two threads and a file more. */
    private static final int MOST = 64;

    /** In a row, with a pause after each. */
    private static final int MOST_FAILURES = 10;

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** After which who said no more is not answered any more. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final ServerSocket server;
    private final Supplier<OptionalInt> behind;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable String trouble;

    private LocalDoor(ServerSocket server, Supplier<OptionalInt> behind) {
        this.server = server;
        this.behind = behind;
    }

    /**
     * What went through so far.
     *
     * @param connections that are open now
     * @param sent bytes to the device
     * @param received bytes from the device
     */
    public record Traffic(int connections, long sent, long received) {}

    /**
     * Opens one.
     *
     * @param at port 0 for a free one
     * @param behind the port of loopback that leads on, while there is one
     * @throws Trouble if something listens there already
     */
    public static LocalDoor open(InetSocketAddress at, Supplier<OptionalInt> behind) throws Trouble {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(at);
            return at(server, behind);
        } catch (IOException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "cannot listen at " + at + ": " + e.getMessage() + "; --local names another port",
                    e);
        }
    }

    /** One where a server listens already. */
    static LocalDoor at(ServerSocket server, Supplier<OptionalInt> behind) {
        LocalDoor door = new LocalDoor(server, behind);
        run("door " + door.port(), door::accept);
        return door;
    }

    public int port() {
        return server.getLocalPort();
    }

    public Traffic traffic() {
        return new Traffic(connections.get(), sent.get(), received.get());
    }

    /** Why nobody is let in any more; empty while all is well. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void accept() {
        int failed = 0;
        while (!server.isClosed()) {
            try {
                let(server.accept());
                failed = 0;
            } catch (IOException e) { // closed, or one that went again, or no more files may be open
                failed++;
                if (failed == MOST_FAILURES && !server.isClosed()) {
                    trouble = String.valueOf(e.getMessage());
                    return;
                }
                pause();
            }
        }
    }

    private void let(Socket near) {
        if (connections.get() == MOST) {
            end(near);
            return;
        }
        connections.incrementAndGet();
        open.add(near);
        run("through " + port(), () -> carry(near));
    }

    private void pause() {
        try {
            closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry(Socket near) {
        OptionalInt port = behind.get();
        try (near) {
            if (port.isPresent()) {
                carry(near, port.getAsInt());
            }
        } catch (IOException ignored) {
            // whoever came sees that nothing is there
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.decrementAndGet();
            open.removeIf(Socket::isClosed);
        }
    }

    private void carry(Socket near, int port) throws IOException, InterruptedException {
        try (Socket far = new Socket(InetAddress.getLoopbackAddress(), port)) {
            open.add(far);
            AtomicLong answered = new AtomicLong();
            Thread back = run("back " + port(), () -> {
                copy(far, near, answered, received);
                sayNoMore(near);
            });
            copy(near, far, sent);
            // SSH servers take an end in one direction for an end in both: whoever asked and says no more gets his
            // answer first
            long before;
            do {
                before = answered.get();
                back.join(SILENCE.toMillis());
            } while (back.isAlive() && answered.get() > before);
        }
    }

    private static void copy(Socket from, Socket to, AtomicLong... counters) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                out.write(piece, 0, read);
                for (AtomicLong counter : counters) {
                    counter.addAndGet(read);
                }
            }
        } catch (IOException e) {
            end(from); // one way that broke breaks the other
            end(to);
        }
    }

    private static void sayNoMore(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException ignored) {
            // it is closed
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // it is of no use any more
        }
    }

    private static Thread run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException ignored) {
            // it listens no more
        }
        open.forEach(LocalDoor::end);
    }
}
