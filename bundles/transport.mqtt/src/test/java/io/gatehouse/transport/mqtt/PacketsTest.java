package io.gatehouse.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketsTest {
    @ParameterizedTest
    @MethodSource("messages")
    void sendsWhatIsAsLargeAsTheLimitAndNothingLarger(Message message) throws MqttException, Unsendable {
        MqttMessage packet = Packets.outgoing(message, 10_000_000);
        MqttPublish encoded = new MqttPublish(message.topic(), packet, packet.getProperties());
        long size = encoded.getHeader().length + encoded.getPayload().length;
        Packets.outgoing(message, size);
        assertEquals(
                "its " + size + " bytes are more than the broker takes: " + (size - 1),
                assertThrows(Unsendable.class, () -> Packets.outgoing(message, size - 1))
                        .getMessage());
    }

    static Stream<Message> messages() {
        Map<String, String> stamp = Map.of("device", "dwr/311/7", "boot", "0123456789abcdef", "seq", "1");
        Stream<Message> plain = IntStream.of(0, 1, 50, 100, 127, 128, 200, 16_000, 16_384, 70_000, 2_097_152)
                .mapToObj(length -> Message.json("up/there", new byte[length]));
        Message one = Message.json("up/there", new byte[300]);
        return Stream.concat(
                plain,
                Stream.of(
                        one.with(UserProperties.of(stamp)),
                        one.with(UserProperties.of(stamp)).expiring(Duration.ofDays(3)),
                        one.with("grün", "ein paar Zeichen von drei Byte: €€€"),
                        one.with("long", "x".repeat(20_000)),
                        one.answeredAt("reply/here", new byte[64]),
                        one.answering(new byte[64]),
                        Message.json("oben/für alle", new byte[300])));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "up/#", "up/+/there", "up\u0000", "\uD800"})
    void findsTopicsThatNoBrokerTakes(String topic) {
        Message message = Message.json(topic, new byte[0]);
        assertThrows(Unsendable.class, () -> Packets.outgoing(message, 1_000_000));
    }
}
