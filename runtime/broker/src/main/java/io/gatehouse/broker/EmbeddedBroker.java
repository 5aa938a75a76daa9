package io.gatehouse.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * An MQTT 5 broker in this process: Apache Artemis, reachable from this machine only, and open to everybody on it.
 * Sessions, subscriptions, retained messages and what waits for who is away are kept in a directory, or in memory.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String ACCEPTOR = "mqtt";

    /** What it speaks where nobody asks for more. */
    static final String MQTT = "MQTT";

    /** How late a delayed will or the end of a session may be noticed. */
    private static final long SESSION_SCAN_MILLIS = 500;

    private static final long EXPIRY_SCAN_MILLIS = 5_000;
    private static final int JOURNAL_FILE_BYTES = 4 * 1024 * 1024;

    // Artemis says a lot when all is well, and warns of each queue that has nowhere to put dead letters, which nothing
    // becomes here. Held, because a logger that nobody holds forgets its level.
    private static final Logger EVERYTHING = Logger.getLogger("org.apache.activemq");
    private static final Logger QUEUES = Logger.getLogger("org.apache.activemq.artemis.core.server");

    private final ActiveMQServer server;
    private final int port;

    private EmbeddedBroker(ActiveMQServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker.
     *
     * @param port on the loopback address; 0 takes a free one
     * @param data where it keeps what must outlive the process; empty keeps all in memory and writes nothing
     * @throws BrokerUnavailable if the port is taken, or the broker does not start
     */
    public static EmbeddedBroker start(int port, Optional<Path> data) throws BrokerUnavailable {
        return start(port, data, MQTT);
    }

    /**
     * As {@link #start(int, Optional)}, at a port where it speaks more than MQTT.
     *
     * @param protocols as Artemis calls them, for example {@code MQTT,AMQP}; each must be on the class path
     */
    public static EmbeddedBroker start(int port, Optional<Path> data, String protocols) throws BrokerUnavailable {
        EVERYTHING.setLevel(Level.WARNING);
        QUEUES.setLevel(Level.SEVERE);
        requireFree(port);
        ActiveMQServer server = new ActiveMQServerImpl(configuration(data));
        server.registerBrokerPlugin(new InOrder(server));
        try {
            server.getConfiguration()
                    .addAcceptorConfiguration(ACCEPTOR, "tcp://" + LOOPBACK + ":" + port + "?protocols=" + protocols);
            server.start();
            NettyAcceptor acceptor = (NettyAcceptor) server.getRemotingService().getAcceptor(ACCEPTOR);
            return new EmbeddedBroker(server, acceptor.getActualPort());
        } catch (Exception e) {
            // Artemis declares no narrower one.
            throw new BrokerUnavailable("the broker does not start: " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** For example {@code tcp://127.0.0.1:1883}. */
    public URI uri() {
        return URI.create("tcp://" + LOOPBACK + ":" + port);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            // Artemis declares no narrower one.
            throw new IllegalStateException("the broker at port " + port + " does not stop", e);
        }
    }

    private static Configuration configuration(Optional<Path> data) {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration.setName("gatehouse");
        configuration.setSecurityEnabled(false);
        configuration.setJMXManagementEnabled(false);
        // A process that was stopped for a while, by a test or a laptop's lid, is no reason to halt.
        configuration.setCriticalAnalyzer(false);
        configuration.setMaxDiskUsage(-1);
        configuration.setMqttSessionScanInterval(SESSION_SCAN_MILLIS);
        configuration.setMessageExpiryScanPeriod(EXPIRY_SCAN_MILLIS);
        configuration.setIncomingInterceptorClassNames(List.of(WillOnDisconnect.class.getName()));
        configuration.setPersistenceEnabled(data.isPresent());
        data.ifPresent(directory -> keepIn(configuration, directory));
        // However often a device comes and goes before it acknowledges a message, it gets it again.
        AddressSettings settings = new AddressSettings().setMaxDeliveryAttempts(-1);
        if (data.isEmpty()) {
            // Without a disk a full memory can only refuse.
            settings.setAddressFullMessagePolicy(AddressFullMessagePolicy.FAIL);
        }
        configuration.addAddressSetting("#", settings);
        return configuration;
    }

    private static void keepIn(ConfigurationImpl configuration, Path directory) {
        configuration.setJournalType(JournalType.NIO);
        configuration.setJournalFileSize(JOURNAL_FILE_BYTES);
        configuration.setBindingsDirectory(directory.resolve("bindings").toString());
        configuration.setJournalDirectory(directory.resolve("journal").toString());
        configuration.setLargeMessagesDirectory(directory.resolve("large").toString());
        configuration.setPagingDirectory(directory.resolve("paging").toString());
    }

    /** Artemis, too, fails where the port is taken, but with a page of text that begins somewhere else. */
    private static void requireFree(int port) throws BrokerUnavailable {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        } catch (IOException e) {
            throw new BrokerUnavailable("port " + port + " is taken; choose another, or 0 for any that is free", e);
        }
    }
}
