package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A relay that takes connections and says nothing. */
final class Silence implements AutoCloseable {
    private final ServerSocket server;
    private final List<Socket> met = new CopyOnWriteArrayList<>();

    Silence() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "silence");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                met.add(server.accept());
            }
        } catch (IOException e) {
            // closed
        }
    }

    boolean isMet() {
        return !met.isEmpty();
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : met) {
            socket.close();
        }
    }
}
