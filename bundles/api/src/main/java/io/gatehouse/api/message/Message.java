package io.gatehouse.api.message;

import java.time.Duration;
import java.util.Optional;

/**
 * One message as a transport carries it, at least once.
 *
 * @param topic whole, as published
 * @param payload not copied: nobody writes to it
 * @param contentType a media type; {@code application/json} is UTF-8 text
 * @param retain whether the broker keeps it for whoever subscribes later
 * @param exchange what joins a request and its answers
 * @param expiry how long it is of use, in whole seconds
 * @param properties user properties
 */
@SuppressWarnings("ArrayRecordComponent") // payloads are large and not copied; nobody compares messages
public record Message(
        String topic,
        byte[] payload,
        String contentType,
        boolean retain,
        Exchange exchange,
        Optional<Duration> expiry,
        UserProperties properties) {
    /** Content type of every payload but an artifact's or a stream's. */
    public static final String JSON = "application/json";

    /** Content type of an artifact's chunk. */
    public static final String BYTES = "application/octet-stream";

    /**
     * What joins a request and its answers.
     *
     * @param responseTopic where an answer is awaited
     * @param correlation what an answer repeats, 1 to 64 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    public record Exchange(Optional<String> responseTopic, Optional<byte[]> correlation) {
        private static final Exchange NONE = new Exchange(Optional.empty(), Optional.empty());
    }

    /** A JSON message, not retained, without properties. */
    public static Message json(String topic, byte[] payload) {
        return of(topic, payload, JSON);
    }

    /** A message of bytes, not retained, without properties. */
    public static Message bytes(String topic, byte[] payload) {
        return of(topic, payload, BYTES);
    }

    private static Message of(String topic, byte[] payload, String contentType) {
        return new Message(topic, payload, contentType, false, Exchange.NONE, Optional.empty(), UserProperties.none());
    }

    public Optional<String> responseTopic() {
        return exchange.responseTopic();
    }

    public Optional<byte[]> correlation() {
        return exchange.correlation();
    }

    public Message retained() {
        return new Message(topic, payload, contentType, true, exchange, expiry, properties);
    }

    /** With these properties in place of its own. */
    public Message with(UserProperties others) {
        return new Message(topic, payload, contentType, retain, exchange, expiry, others);
    }

    /** With one property more. */
    public Message with(String name, String value) {
        return with(properties.and(name, value));
    }

    /** Asks for an answer at this topic, with this correlation data. */
    public Message answeredAt(String topic, byte[] correlation) {
        return with(new Exchange(Optional.of(topic), Optional.of(correlation)));
    }

    /** Repeats the correlation data of what it answers. */
    public Message answering(byte[] correlation) {
        return with(new Exchange(exchange.responseTopic(), Optional.of(correlation)));
    }

    private Message with(Exchange other) {
        return new Message(topic, payload, contentType, retain, other, expiry, properties);
    }

    public Message expiring(Duration after) {
        return new Message(topic, payload, contentType, retain, exchange, Optional.of(after), properties);
    }
}
