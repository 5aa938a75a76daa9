package io.gatehouse.acceptance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a broker with narrow limits shows, and what a client that is not ours sees. */
class MosquittoTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void mosquitto() {
        Mosquitto.assumeInstalled();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void neverHasMoreOnTheirWayThanTheBrokerAllows(int receiveMaximum) throws Exception {
        try (BrokerProcess broker = new Mosquitto(directory, "max_inflight_messages " + receiveMaximum)) {
            broker.start();
            try (Peer device = Peer.connect(broker.uri(), new RecordingEndpoint("device"))) {
                device.publishNumbers("up", 1, 300);
                await().until(() -> device.outgoing().acknowledged() == 300);
                // The next is taken as soon as there is room, which may be before the last is told that it has arrived.
                assertTrue(device.outgoing().mostUnderway() <= receiveMaximum + 1);
                assertEquals(List.of(), device.endpoint().troubles());
            }
        }
    }

    @Test
    void dropsWhatTheBrokerWouldNeverTakeAndGoesOn() throws Exception {
        try (BrokerProcess broker = new Mosquitto(directory, "max_packet_size 2000")) {
            broker.start();
            try (Peer device = Peer.connect(broker.uri(), new RecordingEndpoint("device", "up"))) {
                device.publish("up", "x".repeat(3000));
                device.publish("up", "small");
                await().until(() -> device.endpoint().texts().equals(List.of("small")));
                assertEquals(1, device.outgoing().refused());
                assertEquals(1, device.endpoint().connections());
            }
        }
    }

    @Test
    void showsItsPropertiesToOthers() throws Exception {
        try (BrokerProcess broker = new Mosquitto(directory)) {
            broker.start();
            Message message = new Message(
                    "up",
                    "{}".getBytes(StandardCharsets.UTF_8),
                    Message.JSON,
                    true,
                    new Message.Exchange(Optional.of("reply/x"), Optional.of("id".getBytes(StandardCharsets.UTF_8))),
                    Optional.empty(),
                    UserProperties.none().and("boot", "0011"));
            try (Peer device = Peer.connect(broker.uri(), new RecordingEndpoint("device"))) {
                device.outgoing().put(message);
                await().until(() -> device.outgoing().acknowledged() == 1);
            }
            List<String> command = List.of(
                    "mosquitto_sub",
                    "-V",
                    "5",
                    "-p",
                    String.valueOf(broker.port()),
                    "-t",
                    "up",
                    "-q",
                    "1",
                    "-C",
                    "1",
                    "-F",
                    "%t|%C|%F|%D|%R|%P|%r|%p");
            try (Child sub = Child.start(command)) {
                String got = sub.awaitLine(line -> true, Duration.ofSeconds(10));
                assertEquals("up|application/json|1|id|reply/x|boot:0011|1|{}", got);
            }
        }
    }
}
