package io.gatehouse.transport.mqtt;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The socket as Paho uses one: connects, with TLS where that is asked for, and has streams. Paho's own TLS is left out. It
 * closes politely, which waits as long as something is still being written, and a line that stands still holds that for
 * minutes; closing this is closing what is under TLS, at once.
 */
final class Wire extends Socket {
    /** Longer than Paho's threads take to start. */
    private static final long START_SECONDS = 2;

    private final Optional<Tls> tls;
    private final String host;
    private final UnaryOperator<InputStream> incoming;
    private final CountDownLatch spoken = new CountDownLatch(1);
    private @Nullable SSLSocket secured;

    /**
     * Not connected yet.
     *
     * @param incoming what is read in place of what comes
     */
    Wire(Optional<Tls> tls, String host, UnaryOperator<InputStream> incoming) {
        this.tls = tls;
        this.host = host;
        this.incoming = incoming;
    }

    @Override
    public void connect(SocketAddress to, int timeoutMillis) throws IOException {
        super.connect(to, timeoutMillis);
        setTcpNoDelay(true);
        if (tls.isPresent()) {
            super.setSoTimeout(timeoutMillis);
            secured = tls.get().over(this, host, getPort());
            super.setSoTimeout(0);
        }
    }

    /**
     * Never: Paho would look once a second whether it is to stop, and take the second byte of a packet for the first of
     * another where a second passed between the two. It is closed, where it is to stop.
     */
    @Override
    public void setSoTimeout(int millis) {
        // See above.
    }

    /** Paho reads byte by byte, each of them with a call to the system, if this were not buffered. */
    @Override
    public InputStream getInputStream() throws IOException {
        if (tls.isEmpty()) {
            return packets(super.getInputStream());
        }
        return secured == null ? super.getInputStream() : packets(secured.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return secured == null
                ? tls.isEmpty() ? new Speaking(super.getOutputStream()) : super.getOutputStream()
                : new Speaking(secured.getOutputStream());
    }

    private InputStream packets(InputStream in) {
        return new Patient(incoming.apply(new Buffered(in)));
    }

    private static final class Buffered extends BufferedInputStream {
        Buffered(InputStream in) {
            super(in);
        }

        /** Asks the system only where nothing is here: Paho asks before each packet, and only whether there is any. */
        @Override
        public synchronized int available() throws IOException {
            return count > pos ? count - pos : super.available();
        }
    }

    /**
     * Tells that the other side has gone only when the first packet is out. Paho starts the thread that reads, and then waits to
     * see it running: where it has ended by then, as a broker closed at once (in TLS 1.3 one that wants another certificate), it
     * would wait for ever, with a thread more for each attempt.
     */
    private final class Patient extends FilterInputStream {
        Patient(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return patiently(in::read);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return patiently(() -> in.read(bytes, offset, length));
        }

        private int patiently(Reading reading) throws IOException {
            int read;
            try {
                read = reading.read();
            } catch (IOException e) {
                awaitSpoken();
                throw e;
            }
            if (read < 0) {
                awaitSpoken();
            }
            return read;
        }

        /** Paho asks this before it reads, and would end here as well. */
        @Override
        public int available() {
            try {
                return super.available();
            } catch (IOException e) {
                return 0; // reading says so
            }
        }

        private void awaitSpoken() {
            try {
                if (!spoken.await(START_SECONDS, TimeUnit.SECONDS)) {
                    spoken.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Reading {
        int read() throws IOException;
    }

    /** Notices the first packet. */
    private final class Speaking extends FilterOutputStream {
        Speaking(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            spoken.countDown();
            out.write(bytes, offset, length);
        }
    }
}
