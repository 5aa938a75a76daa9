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
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With whom it speaks over TLS, and with whom not. */
class TlsTest {
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
                        + " \"trust\" names the file with who is",
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
    void closesAtOnceWhileTheOtherSideSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("ssl://localhost:" + silent.getLocalPort());
            connection = MqttConnection.open(MqttSettings.of(uri), somebody, somebody, new SplittableRandom(1));
            try (Socket accepted = silent.accept()) {
                accepted.getInputStream().read();
                connection.close();
                await().until(() -> WithBroker.threads().isEmpty());
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
