package com.example.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;

/**
 * The bytes to a broker and back, over TLS where its address says so. One thread reads; whoever writes holds a lock. A write to a line that stands still
 * would wait as long as TCP does, and with it whoever asks for that lock, so a thread of its own ends it.
 */
final class Wire implements AutoCloseable {
    private static final int CONNECT_MILLIS = (int) TimeUnit.SECONDS.toMillis(30);
    private static final int SILENCE_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PART = 16 * 1024;

    private final Duration patience;
    private final Thread watchdog = new Thread(this::watch, "amqp watchdog");
    private final Socket plain = new Socket();
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Principal shown;
    private final byte[] read = new byte[16 * 1024];

    /** When the write that goes on began, by {@link System#nanoTime}. */
    private volatile Optional<Long> writing = Optional.empty();

    private volatile boolean isStill;

    /** Connects; where there is TLS, to nobody but whom somebody trusted calls by the name that was asked for. */
    Wire(Broker broker, SSLContext tls) throws IOException {
        this(broker, tls, PATIENCE);
    }

    /**
     * As above.
     *
     * @param patience how long it may take to write a few kilobytes
     */
    Wire(Broker broker, SSLContext tls, Duration patience) throws IOException {
        this.patience = patience;
        try {
            plain.connect(new InetSocketAddress(broker.host(), broker.port()), CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(CONNECT_MILLIS);
            if (broker.tls()) {
                SSLSocket secured =
                        (SSLSocket) tls.getSocketFactory().createSocket(plain, broker.host(), broker.port(), true);
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secured.setSSLParameters(parameters);
                secured.startHandshake();
                shown = secured.getSession().getLocalPrincipal();
                socket = secured;
            } else {
                shown = null;
                socket = plain;
            }
            socket.setSoTimeout(SILENCE_MILLIS);
            in = socket.getInputStream();
            out = socket.getOutputStream();
            watchdog.setDaemon(true);
            watchdog.start();
        } catch (IOException | RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    /** As whom TLS showed this side; null where it did not. */
    Principal shown() {
        return shown;
    }

    /** Waits for what comes; null where nothing came for some seconds. Fails at the end. */
    ProtonBuffer read() throws IOException {
        try {
            int length = in.read(read);
            if (length < 0) {
                throw new IOException("the broker closed it");
            }
            return ProtonBufferAllocator.defaultAllocator().copy(read, 0, length);
        } catch (SocketTimeoutException e) {
            return null;
        }
    }

    /** Returns when all is written; fails where the line stands still. */
    void write(ProtonBuffer bytes) throws IOException {
        byte[] part = new byte[Math.min(PART, bytes.getReadableBytes())];
        try {
            while (bytes.isReadable()) {
                int length = Math.min(part.length, bytes.getReadableBytes());
                bytes.readBytes(part, 0, length);
                writing = Optional.of(System.nanoTime()); // anew for each part: a slow line is none that stands still
                out.write(part, 0, length);
            }
            out.flush();
        } catch (IOException e) {
            throw isStill ? new IOException("it took nothing for " + patience.toMillis() + " ms", e) : e;
        } finally {
            writing = Optional.empty();
        }
    }

    private void watch() {
        try {
            while (!plain.isClosed()) {
                TimeUnit.MILLISECONDS.sleep(patience.toMillis() / 4);
                if (isLate()) {
                    isStill = true;
                    end(plain);
                }
            }
        } catch (InterruptedException e) {
            // It was closed.
        }
    }

    private boolean isLate() {
        return writing.filter(begun -> System.nanoTime() - begun > patience.toNanos())
                .isPresent();
    }

    /** Also ends what another thread reads or writes. */
    @Override
    public void close() {
        // TLS would write its goodbye behind what is being written, and wait for that
        end(writing.isPresent() ? plain : socket);
        watchdog.interrupt();
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody reads from it any more.
        }
    }
}
