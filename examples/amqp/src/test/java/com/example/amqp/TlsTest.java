package com.example.amqp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To whom it speaks by TLS, and as whom. */
final class TlsTest {
    private final Device device = new Device();

    @TempDir
    Path folder;

    @Test
    void isLetInByItsCertificate() throws Exception {
        Certificates certificates = new Certificates(folder, "127.0.0.1");
        try (ScriptedBroker broker = new ScriptedBroker(certificates.ofBroker());
                AmqpConnection connection =
                        new AmqpConnection(broker.address(), certificates.ofDevice(), device, device)) {
            connection.start();
            device.put("a");
            await().until(() -> device.answers.contains("a acknowledged"));
            assertEquals(List.of("EXTERNAL CN=device"), broker.guests);
            assertEquals(List.of(), device.troubles);
        }
    }

    @Test
    void saysNothingToWhomNobodyTrusts() throws Exception {
        Certificates certificates = new Certificates(folder, "127.0.0.1");
        assertTurnsAway(certificates, SSLContext.getDefault(), "unable to find valid certification path");
    }

    @Test
    void saysNothingToWhoIsCalledOtherwise() throws Exception {
        Certificates certificates = new Certificates(folder, "192.0.2.1");
        assertTurnsAway(certificates, certificates.ofDevice(), "No subject alternative names matching IP address 127.0.0.1");
    }

    private void assertTurnsAway(Certificates certificates, SSLContext ours, String why) throws Exception {
        try (ScriptedBroker broker = new ScriptedBroker(certificates.ofBroker());
                AmqpConnection connection = new AmqpConnection(broker.address(), ours, device, device)) {
            connection.start();
            await().until(() -> !device.troubles.isEmpty());
            assertTrue(device.troubles.get(0).contains(why), device.troubles.get(0));
            assertEquals(List.of(), broker.guests);
        }
    }
}
