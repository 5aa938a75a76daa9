package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.core.CoreModuleProperties;

/** Connects by SSH to a server whose key is known beforehand, with one key, and by nothing that lies on this machine. */
final class SshClients {
    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(60);

    /** A link may stall for a while and go on: only what is silent for several minutes is given up. */
    private static final Duration KEEPS_ALIVE = Duration.ofSeconds(30);

    private static final int UNANSWERED = 6;

    /** By the name that every server knows. */
    private static final String SIGN_OF_LIFE = "keepalive@openssh.com";

    private static final Duration WRITES_WITHIN = Duration.ofMinutes(3);

    private SshClients() {}

    /**
     * The server to connect to.
     *
     * @param hostKey the fingerprint of its key, {@code SHA256:…}
     */
    record Server(String host, int port, String user, String hostKey) {}

    /** A client that talks to this server alone, and is started. */
    static SshClient to(Server server) {
        SshClient client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier(
                (session, address, key) -> new SshKey(key).fingerprint().equals(server.hostKey()));
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, KEEPS_ALIVE);
        CoreModuleProperties.HEARTBEAT_REQUEST.set(client, SIGN_OF_LIFE);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, UNANSWERED);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.NIO2_MIN_WRITE_TIMEOUT.set(client, WRITES_WITHIN);
        client.start();
        return client;
    }

    /**
     * Logs in.
     *
     * @throws Trouble if nobody answers, with another key, or does not let us in
     */
    static ClientSession connect(SshClient client, Server server, SshKeyPair key) throws Trouble {
        try {
            ClientSession session = client.connect(server.user(), server.host(), server.port())
                    .verify(CONNECTS_WITHIN)
                    .getSession();
            session.addPublicKeyIdentity(key.pair());
            session.auth().verify(CONNECTS_WITHIN);
            return session;
        } catch (SshException e) {
            throw new Trouble(Trouble.Kind.REFUSED, words(server, e), e);
        } catch (IOException e) {
            throw new Trouble(
                    Trouble.Kind.UNREACHABLE,
                    "cannot connect to " + server.host() + ":" + server.port() + " by SSH: " + e.getMessage(),
                    e);
        }
    }

    private static String words(Server server, SshException e) {
        String where = server.user() + "@" + server.host() + ":" + server.port();
        return switch (e.getDisconnectCode()) {
            case 9 -> "the key that " + where + " shows is not " + server.hostKey();
            case 14 -> where + " does not let this key in";
            default -> "no SSH session with " + where + ": " + e.getMessage();
        };
    }
}
