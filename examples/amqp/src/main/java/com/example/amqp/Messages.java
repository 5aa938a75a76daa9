package com.example.amqp;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.DecoderState;
import org.apache.qpid.protonj2.codec.Encoder;
import org.apache.qpid.protonj2.codec.EncoderState;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Header;
import org.apache.qpid.protonj2.types.messaging.Properties;

/**
 * Messages as AMQP has them (1.0, part 3), and ours. What MQTT has beside, Artemis keeps in application properties of its own, by
 * which it makes MQTT's again: so each message carries both, for readers of either protocol.
 */
final class Messages {
    private static final String MQTT = "mqtt.";
    private static final String MQTT_CONTENT_TYPE = "mqtt.content.type";
    private static final String MQTT_FORMAT = "mqtt.payload.format.indicator";
    private static final String MQTT_RESPONSE_TOPIC = "mqtt.response.topic";
    private static final String MQTT_CORRELATION = "mqtt.correlation.data";
    private static final String MQTT_USER_COUNT = "mqtt.user.property.exists";

    /** Behind it a number, which orders them, a dot, and the name: which may come more than once in MQTT, and in AMQP may not. */
    private static final String MQTT_USER = "mqtt.ordered.user.property.";

    private static final int UTF8 = 1;

    private Messages() {}

    /** The bytes of a message. */
    static ProtonBuffer encode(Message message) {
        Header header = new Header().setDurable(true);
        message.expiry()
                .ifPresent(after -> header.setTimeToLive(Math.min(after.toMillis(), Header.DEFAULT_TIME_TO_LIVE)));
        Properties properties =
                new Properties().setTo(Addresses.of(message.topic())).setContentType(message.contentType());
        message.responseTopic().ifPresent(topic -> properties.setReplyTo(Addresses.of(topic)));
        message.correlation().ifPresent(data -> properties.setCorrelationId(new Binary(data)));

        Encoder encoder = CodecFactory.getEncoder();
        EncoderState state = encoder.newEncoderState();
        ProtonBuffer bytes = ProtonBufferAllocator.defaultAllocator().allocate(message.payload().length + 1024);
        encoder.writeObject(bytes, state, header);
        encoder.writeObject(bytes, state, properties);
        encoder.writeObject(bytes, state, new ApplicationProperties(applicationProperties(message)));
        encoder.writeObject(bytes, state, new Data(message.payload()));
        return bytes;
    }

    private static Map<String, Object> applicationProperties(Message message) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(MQTT_CONTENT_TYPE, message.contentType());
        if (message.contentType().equals(Message.JSON)) {
            all.put(MQTT_FORMAT, UTF8);
        }
        message.responseTopic().ifPresent(topic -> all.put(MQTT_RESPONSE_TOPIC, topic));
        message.correlation().ifPresent(data -> all.put(MQTT_CORRELATION, new Binary(data)));
        int count = 0;
        for (UserProperties.Pair pair : message.properties().pairs()) {
            all.putIfAbsent(pair.name(), pair.value());
            all.put(MQTT_USER + count++ + "." + pair.name(), pair.value());
        }
        if (count > 0) {
            all.put(MQTT_USER_COUNT, count);
        }
        return all;
    }

    /**
     * Reads a message, of a sender by AMQP or by MQTT.
     *
     * @throws IllegalArgumentException where it cannot be read, or has no body of bytes or text
     */
    static Message decode(ProtonBuffer bytes) {
        Decoder decoder = CodecFactory.getDecoder();
        DecoderState state = decoder.newDecoderState();
        Header header = new Header();
        Properties properties = new Properties();
        Map<String, Object> all = Map.of();
        byte[] payload = null;
        while (bytes.isReadable()) {
            Object section = decoder.readObject(bytes, state);
            if (section instanceof Header read) {
                header = read;
            } else if (section instanceof Properties read) {
                properties = read;
            } else if (section instanceof ApplicationProperties read && read.getValue() != null) {
                all = read.getValue();
            } else if (section instanceof Data read) {
                payload = read.getValue();
            } else if (section instanceof AmqpValue<?> read) {
                payload = bytes(read.getValue());
            }
        }
        if (payload == null || properties.getTo() == null) {
            throw new IllegalArgumentException("a message to " + properties.getTo() + " has no body of bytes or text");
        }
        return message(header, properties, all, payload);
    }

    private static Message message(Header header, Properties properties, Map<String, Object> all, byte[] payload) {
        Optional<String> replyTo = Optional.ofNullable(properties.getReplyTo()).map(Addresses::topic);
        return new Message(
                Addresses.topic(properties.getTo()),
                payload,
                text(all, MQTT_CONTENT_TYPE)
                        .or(() -> Optional.ofNullable(properties.getContentType()))
                        .orElse(Message.BYTES),
                false,
                new Message.Exchange(
                        text(all, MQTT_RESPONSE_TOPIC).or(() -> replyTo),
                        Optional.ofNullable(bytes(all.getOrDefault(MQTT_CORRELATION, properties.getCorrelationId())))),
                header.hasTimeToLive()
                        ? Optional.of(Duration.ofSeconds(Math.max(1, header.getTimeToLive() / 1000)))
                        : Optional.empty(),
                userProperties(all));
    }

    /** Of a sender who speaks MQTT his, in their order; of another all that are texts. */
    private static UserProperties userProperties(Map<String, Object> all) {
        Map<Integer, UserProperties.Pair> ordered = new TreeMap<>();
        Map<String, String> plain = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            int dot = name.indexOf('.', MQTT_USER.length());
            if (name.startsWith(MQTT_USER) && dot > 0) {
                int number = Integer.parseInt(name, MQTT_USER.length(), dot, 10);
                ordered.put(number, new UserProperties.Pair(name.substring(dot + 1), String.valueOf(value)));
            } else if (value instanceof String text) {
                plain.put(name, text);
            }
        });
        return all.keySet().stream().anyMatch(name -> name.startsWith(MQTT))
                ? new UserProperties(ordered.values().stream().toList())
                : UserProperties.of(plain);
    }

    private static Optional<String> text(Map<String, Object> all, String name) {
        return Optional.ofNullable(all.get(name)).map(String::valueOf);
    }

    private static byte[] bytes(Object value) {
        if (value instanceof Binary binary) {
            return binary.asByteArray();
        }
        return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : null;
    }
}
