package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With whom it speaks over TLS, and with whom not. */
class TlsTest {
    private final PahoThreads threads = new PahoThreads();
    private final Somebody somebody = new Somebody();

    @TempDir
    private Path folder;

    private Mosquitto mosquitto;
    private MqttConnection connection;

    @AfterEach
    void close() {
        if (connection != null) {
            connection.close();
        }
        if (mosquitto != null) {
            mosquitto.close();
        }
    }

    @Test
    void connectsToTheBrokerThatATrustedAuthorityVouchesFor() throws Exception {
        Certificates certificates = listen();
        somebody.filters = List.of("up");
        open("localhost", certificates.authority());
        somebody.publishNumbers(1, 100);
        await().until(() -> somebody.received.size() == 100 && somebody.acknowledged.get() == 100);
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void refusesABrokerThatAnotherAuthorityVouchesFor() throws Exception {
        listen();
        Path other = Files.createDirectory(folder.resolve("other"));
        open("localhost", new Certificates(other, "dns:localhost").authority());
        assertEquals(
                "cannot connect to " + uri("localhost")
                        + ": TLS: nobody who is trusted here signed the broker's certificate;"
                        + " where the device is in no fleet, \"trust\" names the file with who is",
                trouble());
    }

    @Test
    void refusesABrokerWhomThisJavaDoesNotTrustWhereNothingElseIsSaid() throws Exception {
        listen();
        connection =
                MqttConnection.open(MqttSettings.of(uri("localhost")), somebody, somebody, new SplittableRandom(1));
        assertTrue(trouble().contains("nobody who is trusted here"), trouble());
    }

    @Test
    void refusesABrokerThatIsCalledOtherwise() throws Exception {
        Certificates certificates = listen();
        open("127.0.0.1", certificates.authority());
        assertEquals(
                "cannot connect to " + uri("127.0.0.1")
                        + ": TLS: No subject alternative names matching IP address 127.0.0.1 found",
                trouble());
    }

    @Test
    void saysThatTheFileWithWhomToTrustIsMissing() throws Exception {
        listen();
        Path missing = folder.resolve("missing.pem");
        open("localhost", missing);
        assertEquals(
                "cannot connect to " + uri("localhost") + ": \"trust\" is " + missing + ", and there is no such file",
                trouble());
    }

    @Test
    void saysThatTheFileWithWhomToTrustIsNone() throws Exception {
        listen();
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        open("localhost", empty);
        assertEquals(
                "cannot connect to " + uri("localhost") + ": \"trust\" is " + empty
                        + ", which has no certificate in PEM",
                trouble());
    }

    @Test
    void connectsOnceTheFileIsThere() throws Exception {
        Certificates certificates = listen();
        Path late = folder.resolve("late.pem");
        open("localhost", late);
        trouble();
        Files.copy(certificates.authority(), late);
        await().until(() -> somebody.connections.get() == 1);
    }

    @Test
    void refusesABrokerThatOnlySpeaksAnOlderTls() throws Exception {
        Certificates certificates = new Certificates(folder, "dns:localhost");
        try (ScriptedBroker old = new ScriptedBroker(new Older(certificates.sockets()), "ssl")) {
            URI uri = URI.create("ssl://localhost:" + old.uri().getPort());
            MqttSettings settings = MqttSettings.of(uri).withBroker(broker -> broker.trusting(authority(certificates)));
            connection = MqttConnection.open(settings, somebody, somebody, new SplittableRandom(1));
            assertTrue(trouble().contains("TLS: Received fatal alert: protocol_version"), trouble());
            connection.close();
            MqttSettings lenient = settings.with(Security.of(Optional.empty(), "TLSv1.3,TLSv1.2"));
            connection = MqttConnection.open(lenient, somebody, somebody, new SplittableRandom(1));
            await().until(() -> somebody.connections.get() == 1);
        }
    }

    private static Path authority(Certificates certificates) {
        try {
            return certificates.authority();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes sockets for TLS 1.2 and nothing newer. */
    private static final class Older extends ServerSocketFactory {
        private final ServerSocketFactory sockets;

        Older(ServerSocketFactory sockets) {
            this.sockets = sockets;
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return older(sockets.createServerSocket(port));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return older(sockets.createServerSocket(port, backlog));
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return older(sockets.createServerSocket(port, backlog, address));
        }

        private static ServerSocket older(ServerSocket made) {
            ((SSLServerSocket) made).setEnabledProtocols(new String[] {"TLSv1.2"});
            return made;
        }
    }

    @Test
    void showsItselfToABrokerThatWantsToKnowWithWhomItSpeaks() throws Exception {
        Certificates certificates = new Certificates(folder, "dns:localhost");
        Path list = Files.writeString(folder.resolve("acl"), "user dwr/311-a1/7\ntopic readwrite up\n");
        mosquitto = new Mosquitto(
                folder,
                "certfile " + certificates.certificate(),
                "keyfile " + certificates.key(),
                "cafile " + certificates.authority(),
                "require_certificate true",
                "use_identity_as_username true",
                "acl_file " + list);
        somebody.filters = List.of("up");
        MqttSettings settings = MqttSettings.of(uri("localhost"))
                .with(Security.of(Optional.of(certificates.device("dwr/311-a1/7")), "TLSv1.3"));
        connection = MqttConnection.open(settings, somebody, somebody, new SplittableRandom(1));
        somebody.publishNumbers(1, 10);
        await().until(() -> somebody.received.size() == 10 && somebody.acknowledged.get() == 10);
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void isRefusedByABrokerThatWantsACertificateWhereItHasNone() throws Exception {
        Certificates certificates = new Certificates(folder, "dns:localhost");
        mosquitto = new Mosquitto(
                folder,
                "certfile " + certificates.certificate(),
                "keyfile " + certificates.key(),
                "cafile " + certificates.authority(),
                "require_certificate true");
        open("localhost", certificates.authority());
        assertTrue(trouble().contains("cannot connect to"), trouble());
        await().until(() -> somebody.troubles.size() >= 3);
        connection.close();
        await("none of Paho's threads is left of each attempt")
                .until(() -> threads.names().isEmpty());
    }

    @Test
    void closesAtOnceWhileTheOtherSideSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("ssl://localhost:" + silent.getLocalPort());
            connection = MqttConnection.open(MqttSettings.of(uri), somebody, somebody, new SplittableRandom(1));
            try (Socket accepted = silent.accept()) {
                accepted.getInputStream().read();
                connection.close();
                await().until(() -> threads.names().isEmpty());
                assertEquals(List.of(), somebody.troubles);
            }
        }
    }

    /** A broker called localhost. */
    private Certificates listen() throws Exception {
        Certificates certificates = new Certificates(folder, "dns:localhost");
        mosquitto = new Mosquitto(folder, "certfile " + certificates.certificate(), "keyfile " + certificates.key());
        return certificates;
    }

    private void open(String host, Path trust) throws IOException {
        MqttSettings settings = MqttSettings.of(uri(host)).withBroker(broker -> broker.trusting(trust));
        connection = MqttConnection.open(settings, somebody, somebody, new SplittableRandom(1));
    }

    private URI uri(String host) {
        return mosquitto.uri("ssl", host);
    }

    private String trouble() {
        await().until(() -> !somebody.troubles.isEmpty());
        assertEquals(0, somebody.connections.get());
        return somebody.troubles.get(0);
    }
}
