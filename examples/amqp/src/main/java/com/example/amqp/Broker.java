package com.example.amqp;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * Which broker, and who one is to it.
 *
 * @param tls whether it is spoken to over TLS
 * @param host a name, or an address
 * @param username empty where TLS shows who one is, or nobody asks
 */
record Broker(boolean tls, String host, int port, String username, String password) {
    private static final int PORT = 5672;
    private static final int TLS_PORT = 5671;
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it is no address of a broker
     */
    static Broker at(String address, String username, String password) {
        try {
            URI uri = new URI(address);
            boolean tls = "amqps".equals(uri.getScheme());
            boolean bare = uri.getRawUserInfo() == null && "".equals(uri.getPath()) && uri.getRawQuery() == null;
            if ((tls || "amqp".equals(uri.getScheme())) && uri.getHost() != null && bare) {
                int port = uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PORT;
                return new Broker(tls, uri.getHost(), port, username, password);
            }
        } catch (URISyntaxException e) {
            // Said below, without what stands in it: that may be a password.
        }
        throw new IllegalArgumentException(
                AmqpTransport.PID + ": the broker's address, \"uri\" or the property"
                        + " gatehouse.broker, must be amqps://host:port or amqp://host:port, and the user stand in \"username\"");
    }

    /** Whether somebody on the way can listen in: without TLS, and not on this very machine. */
    boolean othersListen() {
        return !tls && !THIS_MACHINE.contains(host);
    }

    /** For whoever reads a message; without user and password. */
    @Override
    public String toString() {
        return (tls ? "amqps://" : "amqp://") + host + ":" + port;
    }
}
