package io.gatehouse.tunnel.ssh;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.sshd.common.AttributeRepository.AttributeKey;

/**
 * The one forward of a session, and what its connections share. The relay's channels are held to it.
 *
 * @param pump of the session
 * @param most connections at once
 * @param patience with a target, for what is left of a connection that the relay closed
 */
record Forward(
        Granted granted,
        InetSocketAddress target,
        Pump pump,
        Traffic traffic,
        Bounds bounds,
        int most,
        Duration patience) {
    /** Where a session has its forward. */
    static final AttributeKey<Forward> KEY = new AttributeKey<>();

    /** The name by which the relay's loopback is asked for, as OpenSSH's own client does it. */
    static final String HOST = "localhost";

    /** What all tunnels together are held to: how fast they may receive and send, and how much they may hold. */
    record Bounds(Pace receiving, Pace sending, Reserve reserve) {}

    /** The port that the relay granted. */
    static final class Granted {
        private volatile int port;

        void port(int port) {
            this.port = port;
        }

        int port() {
            return port;
        }
    }

    /** Why a channel to this address is not what was asked for; nothing where it is. */
    Optional<String> refusal(String host, long port) {
        boolean isAsked = granted.port() != 0 && port == granted.port() && host.equals(HOST);
        return isAsked ? Optional.empty() : Optional.of("no forward of " + host + ":" + port + " was asked for");
    }
}
