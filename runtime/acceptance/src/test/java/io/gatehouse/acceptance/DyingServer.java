package io.gatehouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An http server of one file that knows ranges, and breaks off when it has sent another tenth of it, nine times. */
final class DyingServer implements AutoCloseable {
    private static final int TENTHS = 10;

    private final byte[] file;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger deaths = new AtomicInteger();
    private final List<Integer> begins = new CopyOnWriteArrayList<>();

    DyingServer(byte[] file) throws IOException {
        this.file = file;
        Thread thread = new Thread(this::serve, "dying server");
        thread.setDaemon(true);
        thread.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/file");
    }

    int deaths() {
        return deaths.get();
    }

    /** Where each request began. */
    List<Integer> begins() {
        return begins;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                answer(client);
            } catch (IOException e) {
                // Closed, or the client went.
            }
        }
    }

    private void answer(Socket client) throws IOException {
        int begin =
                begin(new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII)));
        begins.add(begin);
        String head = (begin == 0 ? "HTTP/1.1 200 OK" : "HTTP/1.1 206 Partial Content")
                + "\r\nContent-Range: bytes " + begin + "-" + (file.length - 1) + "/" + file.length
                + "\r\nContent-Length: " + (file.length - begin) + "\r\nConnection: close\r\n\r\n";
        OutputStream out = client.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        int end = deaths.get() < TENTHS - 1 ? file.length / TENTHS * (deaths.get() + 1) : file.length;
        if (begin < end) {
            out.write(file, begin, end - begin);
        }
        if (end < file.length) {
            deaths.incrementAndGet();
        }
    }

    private static int begin(BufferedReader in) throws IOException {
        int begin = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.startsWith("Range: bytes=")) {
                begin = Integer.parseInt(line.replaceAll("\\D+", ""));
            }
        }
        return begin;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
