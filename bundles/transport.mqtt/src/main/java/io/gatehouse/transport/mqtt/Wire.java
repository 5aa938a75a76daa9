package io.gatehouse.transport.mqtt;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The socket as Paho uses one: connects, with TLS where that is asked for, and has streams. Paho's own TLS is left out. It
 * closes politely, which waits as long as something is still being written, and a line that stands still holds that for
 * minutes; closing this is closing what is under TLS, at once.
 */
final class Wire extends Socket {
    private final Optional<Tls> tls;
    private final String host;
    private @Nullable SSLSocket secured;

    /** Not connected yet. */
    Wire(Optional<Tls> tls, String host) {
        this.tls = tls;
        this.host = host;
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
            return new Buffered(super.getInputStream());
        }
        return secured == null ? super.getInputStream() : new Buffered(secured.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return secured == null ? super.getOutputStream() : secured.getOutputStream();
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
}
