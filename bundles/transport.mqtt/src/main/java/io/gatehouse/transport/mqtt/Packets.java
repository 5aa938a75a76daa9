package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.eclipse.paho.mqttv5.common.util.MqttTopicValidator;

/** Messages as Paho has them, and ours. */
final class Packets {
    /** At least once: MQTT's QoS 1. */
    static final int AT_LEAST_ONCE = 1;

    /** MQTT 5.0, 1.5.4: no string is longer. */
    private static final int LONGEST_STRING = 65_535;

    private static final long LONGEST_EXPIRY = 0xFFFF_FFFFL;

    private Packets() {}

    static MqttMessage outgoing(Message message) {
        MqttProperties properties = properties(message);
        properties.setResponseTopic(message.responseTopic().orElse(null));
        properties.setCorrelationData(message.correlation().orElse(null));
        return new MqttMessage(message.payload(), AT_LEAST_ONCE, message.retain(), properties);
    }

    /** What a message and a will have in common. */
    static MqttProperties properties(Message message) {
        MqttProperties properties = new MqttProperties();
        properties.setContentType(message.contentType());
        properties.setPayloadFormat(message.contentType().equals(Message.JSON));
        message.expiry().ifPresent(after -> properties.setMessageExpiryInterval(seconds(after)));
        List<UserProperty> users = new ArrayList<>();
        message.properties().forEach((name, value) -> users.add(new UserProperty(name, value)));
        properties.setUserProperties(users);
        return properties;
    }

    /** Whole seconds as MQTT counts them, at least one: zero would mean that a message is of no use at once. */
    static long seconds(Duration duration) {
        return Math.max(1, Math.min(duration.toSeconds(), LONGEST_EXPIRY));
    }

    /** Where a message says nothing of what it is, it is taken for bytes; of two properties of one name the first counts. */
    static Message incoming(String topic, MqttMessage message) {
        MqttProperties properties = message.getProperties();
        Map<String, String> users = new LinkedHashMap<>();
        for (UserProperty user : properties.getUserProperties()) {
            users.putIfAbsent(user.getKey(), user.getValue());
        }
        return new Message(
                topic,
                message.getPayload(),
                Optional.ofNullable(properties.getContentType()).orElse(Message.BYTES),
                message.isRetained(),
                Optional.ofNullable(properties.getResponseTopic()),
                Optional.ofNullable(properties.getCorrelationData()),
                Optional.ofNullable(properties.getMessageExpiryInterval()).map(Duration::ofSeconds),
                users);
    }

    /**
     * Why this message can never be sent to a broker that takes packets of so many bytes. Paho would find out on its way
     * out and lose the connection by it, and again with each attempt.
     */
    static Optional<String> unsendable(Message message, MqttMessage packet, long maximumPacketSize) {
        try {
            MqttTopicValidator.validate(message.topic(), false, true);
            message.responseTopic().ifPresent(topic -> bounded("response topic", topic));
            bounded("content type", message.contentType());
            message.properties().forEach((name, value) -> {
                bounded("property name", name);
                bounded("property " + name, value);
            });
            int header = new MqttPublish(message.topic(), packet, packet.getProperties()).getHeader().length;
            long size = (long) header + message.payload().length;
            return size <= maximumPacketSize
                    ? Optional.empty()
                    : Optional.of("its " + size + " bytes are more than the broker takes: " + maximumPacketSize);
        } catch (IllegalArgumentException | MqttException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void bounded(String what, String text) {
        if (text.length() > LONGEST_STRING / 3 && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_STRING) {
            throw new IllegalArgumentException(what + " is longer than " + LONGEST_STRING + " bytes");
        }
    }
}
