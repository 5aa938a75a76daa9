package com.example.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.Principal;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;

/** The bytes to a broker and back, over TLS where its address says so. One thread reads; whoever writes holds a lock. */
final class Wire implements AutoCloseable {
    private static final int CONNECT_MILLIS = (int) TimeUnit.SECONDS.toMillis(30);
    private static final int SILENCE_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Principal shown;
    private final byte[] read = new byte[16 * 1024];

    /** Connects; where there is TLS, to nobody but whom somebody trusted calls by the name that was asked for. */
    Wire(Broker broker, SSLContext tls) throws IOException {
        Socket plain = new Socket();
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

    /** Returns when all is written. */
    void write(ProtonBuffer bytes) throws IOException {
        byte[] all = new byte[bytes.getReadableBytes()];
        bytes.readBytes(all, 0, all.length);
        out.write(all);
        out.flush();
    }

    /** Also ends what another thread reads or writes. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody reads from it any more.
        }
    }
}
