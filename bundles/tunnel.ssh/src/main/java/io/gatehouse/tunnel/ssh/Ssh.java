package io.gatehouse.tunnel.ssh;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/** MINA and the timer, which are there while somebody uses them and leave no thread behind. */
final class Ssh {
    private static final Logger LOG = System.getLogger(Ssh.class.getName());

    /** What the relay may send of one packet; OpenSSH takes it as a bound and sends what is there. */
    private static final long PACKET_BYTES = 32 * 1024;

    /** Each list in the order in which it is preferred; what this Java does not have is left out. */
    private static final List<BuiltinCiphers> CIPHERS = List.of(
            BuiltinCiphers.aes128gcm,
            BuiltinCiphers.aes256gcm,
            BuiltinCiphers.cc20p1305_openssh,
            BuiltinCiphers.aes128ctr,
            BuiltinCiphers.aes256ctr);

    private static final List<BuiltinMacs> MACS = List.of(
            BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm, BuiltinMacs.hmacsha256, BuiltinMacs.hmacsha512);

    private static final List<BuiltinDHFactories> KEY_EXCHANGES = List.of(
            BuiltinDHFactories.mlkem768x25519,
            BuiltinDHFactories.curve25519,
            BuiltinDHFactories.curve25519_libssh,
            BuiltinDHFactories.ecdhp256,
            BuiltinDHFactories.ecdhp384,
            BuiltinDHFactories.dhg16_512);

    /** Of host keys, and of the device's own and its certificate. */
    private static final List<BuiltinSignatures> SIGNATURES = List.of(
            BuiltinSignatures.ed25519,
            BuiltinSignatures.nistp256,
            BuiltinSignatures.nistp384,
            BuiltinSignatures.nistp521,
            BuiltinSignatures.rsaSHA512,
            BuiltinSignatures.rsaSHA256,
            BuiltinSignatures.ed25519_cert);

    private final Duration patience;
    private final long window;
    private final LongSupplier nanoTime;
    private int users;
    private @Nullable Used used;

    /**
     * What is shared.
     *
     * @param timer for what must not wait for a relay; its tasks are short
     */
    record Used(SshClient client, ScheduledExecutorService timer) {}

    /**
     * Nothing yet.
     *
     * @param patience for connecting
     * @param window bytes that a relay may be ahead on one connection, at most
     */
    Ssh(Duration patience, long window, LongSupplier nanoTime) {
        this.patience = patience;
        this.window = window;
        this.nanoTime = nanoTime;
    }

    /** Starts it for the first, and has it for one more. Give it back. */
    synchronized Used use() {
        Used now = used;
        if (now == null) {
            now = start();
            used = now;
        }
        users++;
        return now;
    }

    /** Gives it back; the last one stops it. */
    synchronized void giveBack() {
        users--;
        Used last = used;
        if (users == 0 && last != null) {
            used = null;
            last.timer().shutdownNow();
            last.client().stop();
            LOG.log(Level.DEBUG, "no tunnel is left");
        }
    }

    private Used start() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tunnel-timer");
            thread.setDaemon(true);
            return thread;
        });
        SshClient client = client();
        client.setScheduledExecutorService(timer, false);
        client.setIoServiceFactoryFactory(new Sockets(new RelayIo(patience, nanoTime)));
        CoreModuleProperties.WINDOW_SIZE.set(client, window);
        CoreModuleProperties.MAX_PACKET_SIZE.set(client, PACKET_BYTES);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO); // a Tunnel looks after that itself
        CoreModuleProperties.AUTH_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.CLIENT_IDENTIFICATION.set(client, "Gatehouse");
        CoreModuleProperties.PREFERRED_AUTHS.set(client, UserAuthPublicKeyFactory.NAME);
        client.start();
        return new Used(client, timer);
    }

    /** One that reads no files, knows no key but what it is given, and speaks no algorithm of yesterday. */
    private static SshClient client() {
        SshClient client = ClientBuilder.builder()
                .cipherFactories(NamedFactory.setUpTransformedFactories(true, CIPHERS, known -> known))
                .macFactories(NamedFactory.setUpTransformedFactories(true, MACS, known -> known))
                .compressionFactories(List.of(BuiltinCompressions.none))
                .keyExchangeFactories(NamedFactory.setUpTransformedFactories(true, KEY_EXCHANGES, ClientBuilder.DH2KEX))
                .signatureFactories(NamedFactory.setUpTransformedFactories(true, SIGNATURES, known -> known))
                .channelFactories(List.of(new ForwardedChannels()))
                .globalRequestHandlers(List.of(Ssh::refuse))
                .hostConfigEntryResolver(HostConfigEntryResolver.EMPTY)
                .serverKeyVerifier(HostKey::verify)
                .build();
        client.setUserAuthFactories(List.of(new UserAuthPublicKeyFactory()));
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        return client;
    }

    /** A relay may ask for nothing; that it was answered is all that its keepalive wants. */
    private static RequestHandler.Result refuse(
            ConnectionService service, String request, boolean wantReply, Buffer buffer) {
        return RequestHandler.Result.ReplyFailure;
    }

    /** Gives MINA the way to the network that it shall take. */
    private record Sockets(RelayIo io) implements IoServiceFactoryFactory {
        @Override
        public IoServiceFactory create(FactoryManager manager) {
            return io;
        }

        @Override
        public void setExecutorServiceFactory(Factory<CloseableExecutorService> factory) {
            // sockets that wait need no pool
        }
    }
}
