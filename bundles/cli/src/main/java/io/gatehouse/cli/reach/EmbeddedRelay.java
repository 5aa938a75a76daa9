package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionHeartbeatController.HeartbeatType;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.global.CancelTcpipForwardHandler;
import org.apache.sshd.server.global.NoMoreSessionsHandler;
import org.apache.sshd.server.global.TcpipForwardHandler;

/**
 * An SSH server for one device and one reverse forward, in this process: with a host key of its own, made anew each time. There is no
 * shell, no other command, no file transfer, no forward the other way and no second listener.
 */
public final class EmbeddedRelay implements AutoCloseable {
    /** As whom the device comes. */
    public static final String USER = "gatehouse";

    /** Longer than a radio link stalls; a device that lost its connection comes again by itself, and the new one counts. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration KEEPS_ALIVE = Duration.ofSeconds(30);
    private static final Duration AUTHENTICATES_WITHIN = Duration.ofSeconds(30);

    private static final Duration PARTS_WITHIN = Duration.ofSeconds(2);

    private final SshServer server;
    private final SshKeyPair hostKey;
    private final OneForward forward;

    private EmbeddedRelay(SshServer server, SshKeyPair hostKey, OneForward forward) {
        this.server = server;
        this.hostKey = hostKey;
        this.forward = forward;
    }

    /**
     * Starts one.
     *
     * @param at where the device comes to; port 0 for a free one
     * @param device the only key that is let in
     * @param listen the port of this machine's loopback at which the device may listen; 0 for a free one
     * @throws Trouble if it cannot listen there
     */
    public static EmbeddedRelay start(InetSocketAddress at, SshKey device, int listen) throws Trouble {
        SshKeyPair hostKey = SshKeyPair.generate();
        OneForward forward = new OneForward(listen);
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost(at.getAddress().getHostAddress());
        server.setPort(at.getPort());
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey.pair()));
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator((user, key, session) -> user.equals(USER) && device.is(key));
        // no session and no direct-tcpip: neither shell, exec, subsystem nor ssh -L
        server.setChannelFactories(List.of(new NoChannel()));
        server.setGlobalRequestHandlers(List.of(
                KeepAliveHandler.INSTANCE,
                NoMoreSessionsHandler.INSTANCE,
                TcpipForwardHandler.INSTANCE,
                CancelTcpipForwardHandler.INSTANCE));
        server.setForwardingFilter(forward);
        server.addPortForwardingEventListener(forward);
        server.addSessionListener(forward);
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.AUTH_TIMEOUT.set(server, AUTHENTICATES_WITHIN);
        CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(server, PATIENCE);
        CoreModuleProperties.SOCKET_REUSEADDR.set(server, true);
        server.setSessionHeartbeat(HeartbeatType.IGNORE, KEEPS_ALIVE);
        try {
            server.start();
        } catch (IOException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "cannot listen at " + at + " for the device: " + e.getMessage() + "; --relay-bind names another",
                    e);
        }
        return new EmbeddedRelay(server, hostKey, forward);
    }

    /** The fingerprint by which the device knows this relay. */
    public String hostKey() {
        return hostKey.publicKey().fingerprint();
    }

    /** The port to which the device comes. */
    public int port() {
        return server.getPort();
    }

    /** The port of this machine's loopback that leads to the device; nothing while the device is not there. */
    public OptionalInt listening() {
        return forward.listening();
    }

    @Override
    public void close() {
        if (!server.isStarted()) {
            return;
        }
        try {
            for (Session session : server.getActiveSessions()) {
                session.close(true).await(PARTS_WITHIN); // else what it reads just then finds no thread any more
            }
            server.stop(true);
        } catch (IOException e) {
            server.close(true); // it ends all the same
        }
    }

    /** The server wants to know some kind of channel: this one nobody can open. */
    private static final class NoChannel implements ChannelFactory {
        @Override
        public String getName() {
            return "none@" + USER;
        }

        @Override
        public Channel createChannel(Session session) throws IOException {
            throw new IOException("devices open no channels here");
        }
    }
}
