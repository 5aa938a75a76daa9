package io.gatehouse.transport.mqtt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.NoSuchAlgorithmException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the one socket of a link. It sends small packets at once (without Nagle's algorithm, which would hold a reply back
 * until the other side acknowledged the packet before it), and it can be closed whatever Paho is about, also while a name
 * is still looked up.
 */
final class Sockets {
    private @Nullable Socket socket;
    private boolean closed;

    SocketFactory plain() {
        return new Plain();
    }

    /** Trusts what this Java trusts. */
    SSLSocketFactory tls() throws NoSuchAlgorithmException {
        return new Tls(SSLContext.getDefault().getSocketFactory());
    }

    /** Closes the socket there is, and each that would be made later. */
    synchronized void close() {
        closed = true;
        if (socket != null) {
            closeNow(socket);
        }
    }

    private synchronized Socket keep(Socket made) throws IOException {
        if (closed) {
            closeNow(made);
            throw new SocketException("the connection was given up");
        }
        made.setTcpNoDelay(true);
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

    private static UnsupportedOperationException connected() {
        return new UnsupportedOperationException("Paho connects its sockets itself");
    }

    private final class Plain extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            return keep(new Socket());
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
    }

    private final class Tls extends SSLSocketFactory {
        private final SSLSocketFactory factory;

        Tls(SSLSocketFactory factory) {
            this.factory = factory;
        }

        @Override
        public Socket createSocket() throws IOException {
            return keep(factory.createSocket());
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(Socket over, String host, int port, boolean autoClose) {
            throw connected();
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
    }
}
