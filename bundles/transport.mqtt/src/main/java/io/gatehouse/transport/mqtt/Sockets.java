package io.gatehouse.transport.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the one socket of a link. It can be closed whatever Paho is about, also while a name is still looked up.
 */
final class Sockets extends SocketFactory {
    private final Optional<Tls> tls;
    private final String host;
    private final UnaryOperator<InputStream> incoming;
    private @Nullable Socket socket;
    private boolean closed;

    /**
     * None made yet.
     *
     * @param host whose certificate is to be shown
     * @param incoming what is read in place of what comes
     */
    Sockets(Optional<Tls> tls, String host, UnaryOperator<InputStream> incoming) {
        this.tls = tls;
        this.host = host;
        this.incoming = incoming;
    }

    @Override
    public Socket createSocket() throws IOException {
        return keep(new Wire(tls, host, incoming));
    }

    /** Closes the socket there is, and each that would be made later. */
    synchronized void close() {
        closed = true;
        if (socket != null) {
            closeNow(socket);
        }
    }

    /**
     * Small packets leave at once, unless they are to gather: then the system fills a segment with them where the other
     * side has not yet confirmed the one before (Nagle's algorithm).
     */
    synchronized void gather(boolean gathering) {
        try {
            if (socket != null) {
                socket.setTcpNoDelay(!gathering);
            }
        } catch (SocketException e) {
            // Closed meanwhile.
        }
    }

    private synchronized Socket keep(Socket made) throws IOException {
        if (closed) {
            closeNow(made);
            throw new SocketException("the connection was given up");
        }
        socket = made;
        return made;
    }

    private static void closeNow(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody reads from it any more.
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw connected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw connected();
    }

    private static UnsupportedOperationException connected() {
        return new UnsupportedOperationException("Paho connects its sockets itself");
    }
}
