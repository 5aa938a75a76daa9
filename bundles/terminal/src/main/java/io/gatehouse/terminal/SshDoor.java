package io.gatehouse.terminal;

import io.gatehouse.api.tunnel.TunnelTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.global.KeepAliveHandler;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.global.NoMoreSessionsHandler;

/**
 * An SSH server on the loopback for one terminal: with a host key of its own, and for one key, which is good for one session with a PTY
 * and nothing else. It has no thread, port or key left when it is closed.
 */
final class SshDoor implements Door {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PARTING = Duration.ofSeconds(2);
    private static final Duration HASTE = Duration.ofSeconds(20);
    private static final long WINDOW = 128 * 1024;

    private final Terminal terminal;
    private final AskersKey key;
    private final SshServer server;
    private final String hostKey;
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final Runnable withdrawal;

    private SshDoor(Terminal terminal, AskersKey key, SshServer server, String hostKey, TerminalOpen.Targets targets) {
        this.terminal = terminal;
        this.key = key;
        this.server = server;
        this.hostKey = hostKey;
        InetSocketAddress address =
                (InetSocketAddress) server.getBoundAddresses().iterator().next();
        TunnelTarget target = () -> address;
        this.withdrawal = targets.add(target);
    }

    /**
     * Opens one.
     *
     * @throws IOException where there is no port or no key to be had; nothing is left
     */
    static SshDoor open(Terminal terminal, AskersKey key, TerminalOpen.Targets targets) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // MINA looks for its Ed25519 there first, and its threads go on with it
        thread.setContextClassLoader(SshServer.class.getClassLoader());
        try {
            KeyPair host = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
            SshServer server = server(host, key, terminal);
            boolean isOpen = false;
            try {
                server.start();
                SshDoor door = new SshDoor(terminal, key, server, KeyUtils.getFingerPrint(host.getPublic()), targets);
                isOpen = true;
                return door;
            } finally {
                if (!isOpen) { // whatever it was, a class that is missing or memory too
                    server.close(true);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot make a host key: " + e.getMessage(), e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static SshServer server(KeyPair host, AskersKey key, Terminal terminal) {
        SshServer server = SshServer.setUpDefaultServer();
        server.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        server.setNioWorkers(1);
        server.setHost(LOOPBACK);
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setSignatureFactories(List.of(BuiltinSignatures.ed25519));
        server.setKeyExchangeFactories(ServerBuilder.setUpDefaultKeyExchanges(true));
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        server.setPublickeyAuthenticator(
                (user, offered, session) -> terminal.isWaiting() && KeyUtils.compareKeys(key.key(), offered));
        server.setChannelFactories(List.of(ChannelSessionFactory.INSTANCE));
        server.setGlobalRequestHandlers(List.of(KeepAliveHandler.INSTANCE, NoMoreSessionsHandler.INSTANCE));
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        server.setSubsystemFactories(List.of());
        server.setCommandFactory(null);
        server.setShellFactory(channel -> new SshSession(terminal, channel));
        CoreModuleProperties.AUTH_TIMEOUT.set(server, HASTE);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, 6);
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(server, 1);
        CoreModuleProperties.WINDOW_SIZE.set(server, WINDOW);
        // how long nothing may move is the terminal's to say
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.WINDOW_TIMEOUT.set(server, Duration.ZERO);
        CoreModuleProperties.COMMAND_EXIT_TIMEOUT.set(server, Duration.ofMillis(500));
        CoreModuleProperties.SERVER_IDENTIFICATION.set(server, "gatehouse");
        return server;
    }

    @Override
    public Map<String, ?> place() {
        return Map.of("port", server.getPort());
    }

    @Override
    public Map<String, ?> answer() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("port", server.getPort());
        answer.put("hostKey", hostKey);
        answer.put("user", terminal.user());
        return answer;
    }

    @Override
    public String askersKey() {
        return key.text();
    }

    @Override
    public String devicesKey() {
        return hostKey;
    }

    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        // first whoever is there gets the last bytes and the exit code, as far as the link carries them
        server.getActiveSessions().forEach(session -> session.close(false));
        server.getActiveSessions().forEach(session -> await(session, PARTING));
        withdrawal.run();
        server.close(true);
        await(server, PARTING);
    }

    private static void await(Closeable closing, Duration patience) {
        try {
            closing.close(false).await(patience);
        } catch (IOException e) {
            closing.close(true); // interrupted: then at once
        }
    }
}
