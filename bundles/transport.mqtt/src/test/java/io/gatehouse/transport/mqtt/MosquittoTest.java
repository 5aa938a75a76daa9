package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That all this suits a broker that somebody else wrote; the acceptance tests have the rest. */
@SuppressWarnings("try") // a connection that only has to be there
class MosquittoTest {
    private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");

    @Test
    void getsFromMosquittoWhatItSent() throws Exception {
        assumeTrue(
                Files.isExecutable(PROGRAM),
                "skipped: the transport is not tried with mosquitto, because there is no " + PROGRAM);
        int port = freePort();
        Process mosquitto = new ProcessBuilder(PROGRAM.toString(), "-p", String.valueOf(port)).start();
        Somebody somebody = new Somebody();
        somebody.filters = List.of("up");
        URI broker = URI.create("mqtt://127.0.0.1:" + port);
        try (Connection connection = new MqttTransportProvider().open(broker, somebody, somebody)) {
            somebody.publishNumbers(1, 100);
            await().until(() -> somebody.received.size() == 100 && somebody.acknowledged.get() == 100);
            Message first = somebody.received.get(0);
            assertEquals("1", new String(first.payload()));
            assertEquals(Message.JSON, first.contentType());
        } finally {
            mosquitto.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
