package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider.Connection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That all this suits a broker that somebody else wrote; the acceptance tests have the rest. */
@SuppressWarnings("try") // a connection that only has to be there
class MosquittoTest {
    private final Somebody somebody = new Somebody();

    @TempDir
    private Path folder;

    @Test
    void getsFromMosquittoWhatItSent() throws Exception {
        somebody.filters = List.of("up");
        try (Mosquitto mosquitto = new Mosquitto(folder);
                Connection connection = open(mosquitto)) {
            somebody.publishNumbers(1, 100);
            await().until(() -> somebody.received.size() == 100 && somebody.acknowledged.get() == 100);
            Message first = somebody.received.get(0);
            assertEquals("1", new String(first.payload()));
            assertEquals(Message.JSON, first.contentType());
        }
    }

    @Test
    void dropsWhatIsTooLargeForMosquittoAndSendsTheRest() throws Exception {
        somebody.filters = List.of("up");
        try (Mosquitto mosquitto = new Mosquitto(folder, "max_packet_size 2000");
                Logged logged = new Logged(Complaints.class);
                Connection connection = open(mosquitto)) {
            somebody.put(Somebody.text("up", "x".repeat(2_000)));
            somebody.publishNumbers(1, 10);
            await().until(() -> somebody.received.size() == 10 && somebody.refused.get() == 1);
            assertEquals(
                    List.of("messages at up are dropped: its 2031 bytes are more than the broker takes: 2000"),
                    logged.texts());
            assertEquals(List.of(), somebody.troubles);
        }
    }

    @Test
    void getsNothingLargerThanItSaidThatItTakes() throws Exception {
        somebody.filters = List.of("up");
        try (Mosquitto mosquitto = new Mosquitto(folder);
                Connection connection = MqttConnection.open(
                        MqttSettings.of(uri(mosquitto)).withMaximumPacketSize(278_528),
                        somebody,
                        somebody,
                        new SplittableRandom(1))) {
            somebody.put(Somebody.text("up", "x".repeat(300_000)));
            somebody.publishNumbers(1, 1);
            await().until(() -> somebody.acknowledged.get() == 2 && !somebody.received.isEmpty());
            assertEquals("1", new String(somebody.received.get(0).payload()));
            assertEquals(List.of(), somebody.troubles);
        }
    }

    @Test
    void nextTransportGetsAgainWhatIsRetainedWhereMosquittoKeptTheSession() throws Exception {
        somebody.filters = List.of("up");
        try (Mosquitto mosquitto = new Mosquitto(folder)) {
            try (Connection connection = open(mosquitto)) {
                somebody.put(Somebody.text("up", "kept").retained());
                await().until(() -> somebody.received.size() == 1);
            }
            try (Connection connection = open(mosquitto)) {
                await().until(() -> somebody.received.size() == 2);
                assertEquals("kept", new String(somebody.received.get(1).payload()));
            }
        }
    }

    private Connection open(Mosquitto mosquitto) {
        return new MqttTransportProvider().open(uri(mosquitto), somebody, somebody);
    }

    private static URI uri(Mosquitto mosquitto) {
        return mosquitto.uri("mqtt", "127.0.0.1");
    }
}
