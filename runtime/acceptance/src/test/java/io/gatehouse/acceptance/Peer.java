package io.gatehouse.acceptance;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider.Connection;
import io.gatehouse.transport.mqtt.Transports;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;

/** One that is connected through our transport. */
public record Peer(RecordingEndpoint endpoint, OrderedOutgoing outgoing, Connection connection)
        implements AutoCloseable {
    private static final Duration WILL_DELAY = Duration.ofSeconds(2);
    private static final int RECEIVE_MAXIMUM = 32;
    private static final int WINDOW = 100;

    /** Opens a connection, and waits until it is up. */
    public static Peer connect(URI broker, RecordingEndpoint endpoint) {
        int before = endpoint.connections();
        Peer peer = open(broker, endpoint, RECEIVE_MAXIMUM);
        Awaitility.await(endpoint.clientId() + " connects").until(() -> endpoint.connections() > before);
        return peer;
    }

    /** Opens a connection, and waits for nothing. */
    public static Peer open(URI broker, RecordingEndpoint endpoint, int receiveMaximum) {
        OrderedOutgoing outgoing = new OrderedOutgoing();
        return new Peer(
                endpoint, outgoing, Transports.open(broker, endpoint, outgoing, WILL_DELAY, receiveMaximum, WINDOW));
    }

    /** As {@link #connect}, asking for a sign of life after so much silence. */
    public static Peer connectAlert(URI broker, RecordingEndpoint endpoint, Duration keepAlive) {
        OrderedOutgoing outgoing = new OrderedOutgoing();
        Peer peer = new Peer(endpoint, outgoing, Transports.openAlert(broker, endpoint, outgoing, keepAlive));
        Awaitility.await(endpoint.clientId() + " connects").until(() -> endpoint.connections() > 0);
        return peer;
    }

    public void publish(String topic, String text) {
        outgoing.put(text(topic, text));
    }

    /** Publishes numbers from {@code from} to {@code to}, both included. */
    public void publishNumbers(String topic, int from, int to) {
        for (int number = from; number <= to; number++) {
            publish(topic, String.valueOf(number));
        }
    }

    public static Message text(String topic, String text) {
        return Message.json(topic, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        connection.close();
    }
}
