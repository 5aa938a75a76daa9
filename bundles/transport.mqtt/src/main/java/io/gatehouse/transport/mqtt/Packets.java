package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** MQTT 5.0, 1.5.4 and 1.5.6: no string is longer, and no binary data. */
    private static final int LONGEST_STRING = 65_535;

    /** Beside its texts and its payload: the header with its length, two more lengths, an id, and three properties. */
    private static final long REST = 5 + 2 + 4 + 2 + (2 + 5 + 3);

    private static final long REST_OF_PROPERTY = 5;

    /** The header with its length, an id and no properties; for each filter its length and its options. */
    private static final long REST_OF_SUBSCRIBE = 5 + 2 + 1;

    private static final long REST_OF_FILTER = 2 + 1;
    private static final long UNSEEN = 1L << 40;

    private static final long LONGEST_EXPIRY = 0xFFFF_FFFFL;

    private Packets() {}

    /**
     * The packet for a broker that takes packets of so many bytes. Paho would find out on its way out what cannot be sent, and
     * lose the connection by it, again with each attempt.
     */
    static MqttMessage outgoing(Message message, long maximumPacketSize) throws Unsendable {
        try {
            MqttMessage packet = outgoing(message);
            if (atMost(message) > maximumPacketSize) {
                examine(message, packet, maximumPacketSize);
            }
            return packet;
        } catch (IllegalArgumentException | MqttException e) {
            // By this Paho refuses a text that MQTT does not have.
            throw new Unsendable(String.valueOf(e.getMessage()), e);
        }
    }

    private static MqttMessage outgoing(Message message) {
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

    /**
     * The filters of one SUBSCRIBE after the other, each for a broker that takes packets of so many bytes; a filter that is too
     * long for any has one to itself.
     */
    static List<List<String>> subscriptions(List<String> filters, long maximumPacketSize) {
        List<List<String>> packets = new ArrayList<>();
        long room = 0;
        for (String filter : filters) {
            long bytes = REST_OF_FILTER + filter.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > room) {
                packets.add(new ArrayList<>());
                room = maximumPacketSize - REST_OF_SUBSCRIBE;
            }
            packets.get(packets.size() - 1).add(filter);
            room -= bytes;
        }
        return packets;
    }

    /** Where a message says nothing of what it is, it is taken for bytes. */
    static Message incoming(String topic, MqttMessage message) {
        MqttProperties properties = message.getProperties();
        List<UserProperties.Pair> users =
                new ArrayList<>(properties.getUserProperties().size());
        for (UserProperty user : properties.getUserProperties()) {
            users.add(new UserProperties.Pair(user.getKey(), user.getValue()));
        }
        return new Message(
                topic,
                message.getPayload(),
                Optional.ofNullable(properties.getContentType()).orElse(Message.BYTES),
                message.isRetained(),
                new Message.Exchange(
                        Optional.ofNullable(properties.getResponseTopic()),
                        Optional.ofNullable(properties.getCorrelationData())),
                Optional.ofNullable(properties.getMessageExpiryInterval()).map(Duration::ofSeconds),
                new UserProperties(users));
    }

    /**
     * No fewer bytes than the packet has, where that is seen without encoding it, as it is for all observations: that is the
     * least part of the work. More than any limit where it is not seen.
     */
    private static long atMost(Message message) {
        if (message.topic().isEmpty()
                || message.responseTopic().isPresent()
                || message.correlation().isPresent()) {
            return UNSEEN;
        }
        boolean wild = message.topic().indexOf('+') >= 0 || message.topic().indexOf('#') >= 0;
        long bytes = (wild ? UNSEEN : REST) + message.payload().length;
        bytes += plain(message.topic()) + plain(message.contentType());
        for (UserProperties.Pair property : message.properties().pairs()) {
            bytes += REST_OF_PROPERTY + plain(property.name()) + plain(property.value());
        }
        return bytes;
    }

    /** How many bytes it becomes, if it is short and plain ASCII. */
    private static long plain(String text) {
        int length = text.length();
        if (length > LONGEST_STRING) {
            return UNSEEN;
        }
        for (int i = 0; i < length; i++) {
            char letter = text.charAt(i);
            if (letter < ' ' || letter > '~') {
                return UNSEEN;
            }
        }
        return length;
    }

    private static void examine(Message message, MqttMessage packet, long maximumPacketSize)
            throws Unsendable, MqttException {
        MqttTopicValidator.validate(message.topic(), false, true);
        message.responseTopic().ifPresent(topic -> MqttTopicValidator.validate(topic, false, true));
        message.correlation().ifPresent(data -> bounded("correlation data", data.length));
        bounded("content type", message.contentType());
        message.properties().forEach((name, value) -> {
            bounded("property name", name);
            bounded("property " + name, value);
        });
        int header = new MqttPublish(message.topic(), packet, packet.getProperties()).getHeader().length;
        long size = (long) header + message.payload().length;
        if (size > maximumPacketSize) {
            throw new Unsendable("its " + size + " bytes are more than the broker takes: " + maximumPacketSize);
        }
    }

    private static void bounded(String what, String text) {
        // No character becomes more than three bytes.
        if (text.length() > LONGEST_STRING / 3) {
            bounded(what, text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    private static void bounded(String what, int bytes) {
        if (bytes > LONGEST_STRING) {
            throw new IllegalArgumentException(what + " is longer than " + LONGEST_STRING + " bytes: " + bytes);
        }
    }
}
