package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/** A way through an SSH server that both the device and the operator log in to, from a port here to one on that server's loopback. */
public final class StockRelay implements AutoCloseable {
    private final SshClient client;
    private final int port;

    private StockRelay(SshClient client, int port) {
        this.client = client;
        this.port = port;
    }

    /**
     * Logs in and opens the way.
     *
     * @param user as whom
     * @param hostKey the fingerprint of the relay's key
     * @param key the operator's
     * @param listen the port on the relay's loopback at which the device listens
     * @throws Trouble if the relay does not let us in, or through
     */
    public static StockRelay through(RelayAddress relay, String user, String hostKey, SshKeyPair key, int listen)
            throws Trouble {
        SshClients.Server server = new SshClients.Server(relay.plainHost(), relay.port(), user, hostKey);
        SshClient client = SshClients.to(server);
        try {
            ClientSession session = SshClients.connect(client, server, key);
            SshdSocketAddress bound = session.startLocalPortForwarding(
                    new SshdSocketAddress("127.0.0.1", 0), new SshdSocketAddress("127.0.0.1", listen));
            return new StockRelay(client, bound.getPort());
        } catch (IOException e) {
            client.stop();
            throw new Trouble(
                    Trouble.Kind.UNREACHABLE, "no way through " + relay.hostAndPort() + ": " + e.getMessage(), e);
        } catch (Trouble e) {
            client.stop();
            throw e;
        }
    }

    /** Where the way begins. */
    public InetSocketAddress here() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() {
        client.stop();
    }
}
