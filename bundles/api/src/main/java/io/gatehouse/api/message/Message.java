package io.gatehouse.api.message;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One message as a transport carries it, at least once.
 *
 * @param topic whole, as published
 * @param payload not copied: nobody writes to it
 * @param contentType a media type; {@code application/json} is UTF-8 text
 * @param retain whether the broker keeps it for whoever subscribes later
 * @param responseTopic where an answer is awaited
 * @param correlation what an answer repeats, 1 to 64 bytes
 * @param expiry how long it is of use, in whole seconds
 * @param properties user properties
 */
@SuppressWarnings("ArrayRecordComponent") // payloads are large and not copied; nobody compares messages
public record Message(
        String topic,
        byte[] payload,
        String contentType,
        boolean retain,
        Optional<String> responseTopic,
        Optional<byte[]> correlation,
        Optional<Duration> expiry,
        Map<String, String> properties) {
    /** Content type of every payload but an artifact's or a stream's. */
    public static final String JSON = "application/json";

    /** Content type of an artifact's chunk. */
    public static final String BYTES = "application/octet-stream";

    public Message {
        properties = Map.copyOf(properties);
    }

    /** A JSON message, not retained, without properties. */
    public static Message json(String topic, byte[] payload) {
        return new Message(topic, payload, JSON, false, Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
    }

    public Message retained() {
        return new Message(topic, payload, contentType, true, responseTopic, correlation, expiry, properties);
    }

    public Message withProperties(Map<String, String> others) {
        return new Message(topic, payload, contentType, retain, responseTopic, correlation, expiry, others);
    }

    /** Asks for an answer at this topic, with this correlation data. */
    public Message answeredAt(String topic, byte[] correlation) {
        return new Message(
                this.topic,
                payload,
                contentType,
                retain,
                Optional.of(topic),
                Optional.of(correlation),
                expiry,
                properties);
    }

    /** Repeats the correlation data of what it answers. */
    public Message answering(byte[] correlation) {
        return new Message(
                topic, payload, contentType, retain, responseTopic, Optional.of(correlation), expiry, properties);
    }

    public Message expiring(Duration after) {
        return new Message(
                topic, payload, contentType, retain, responseTopic, correlation, Optional.of(after), properties);
    }
}
