package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A target that gives without end, or takes nothing. */
final class Brook implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket server = new ServerSocket();
    private final boolean isGiving;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    Brook(boolean isGiving) throws IOException {
        this.isGiving = isGiving;
        server.setReceiveBufferSize(BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "brook");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                if (isGiving) {
                    start(() -> give(socket));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private static void give(Socket socket) {
        try {
            byte[] bytes = new byte[BUFFER];
            while (true) {
                socket.getOutputStream().write(bytes);
            }
        } catch (IOException e) {
            // closed
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** What the kernel holds for it at most, the sender's side with it. */
    long most() {
        return 8L << 20;
    }

    boolean isMet() {
        return !sockets.isEmpty();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
