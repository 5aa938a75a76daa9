package io.gatehouse.testkit.gateway;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * A port that leads to the broker, or for a while to nothing. Whoever comes while it leads to nothing waits at it: so a gateway and its broker start at once, and
 * what was cut off is there again at once, whatever pause it would have made. Of each connection two threads carry the bytes.
 */
final class Link implements Closeable {
    private final ServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile CompletableFuture<Integer> broker = new CompletableFuture<>();

    /** One that leads to nothing yet. */
    Link() {
        try {
            door = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free on this machine", e);
        }
        begin(this::serve);
    }

    URI uri() {
        return URI.create("tcp://127.0.0.1:" + door.getLocalPort());
    }

    /** Ends all connections, and leads to nothing. */
    void cut() {
        if (broker.isDone()) {
            broker = new CompletableFuture<>();
        }
        open.forEach(Link::drop);
    }

    /** Leads to this port. */
    void mend(int port) {
        broker.complete(port);
    }

    private void serve() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                begin(() -> carry(near));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    @SuppressWarnings("AddressSelection") // the broker listens at this one alone
    private void carry(Socket near) {
        open.add(near);
        try (near;
                Socket far = new Socket()) {
            CompletableFuture<Integer> way = broker;
            far.connect(new InetSocketAddress("127.0.0.1", way.get()));
            open.add(far);
            if (way != broker) {
                return; // it was cut meanwhile
            }
            begin(() -> copy(far, near));
            copy(near, far);
            open.remove(far);
        } catch (IOException | ExecutionException | CancellationException e) {
            // there is no way to the broker, and whoever connects sees that his connection ends
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(near);
        }
    }

    /** Until one side ends, which ends the other. */
    private void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            from.setTcpNoDelay(true);
            in.transferTo(out);
        } catch (IOException e) {
            // it is over, for both
        }
    }

    private static void drop(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed already
        }
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work, "gatehouse testkit link");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + uri(), e);
        }
        broker.cancel(false);
        open.forEach(Link::drop);
    }
}
