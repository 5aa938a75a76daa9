package io.gatehouse.transport.mqtt;

import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How to reach a broker, and how much may be on its way.
 *
 * @param security how TLS is spoken
 * @param keepAlive seconds of silence after which a sign of life is asked for; zero never asks
 * @param receiveMaximum messages that the broker may send before the first of them is acknowledged
 * @param window messages that may be sent before the first of them is acknowledged; the broker may allow fewer
 * @param maximumPacketSize bytes that a packet from the broker may have; it drops what is larger, or else this side does
 * @param willDelay from the loss of the connection until the broker says so
 */
record MqttSettings(
        Broker broker,
        Security security,
        int keepAlive,
        int receiveMaximum,
        int window,
        int maximumPacketSize,
        Duration willDelay) {
    static final int KEEP_ALIVE = 60;
    /** With chunks of 64 KiB this keeps 2 MiB on their way, and no more than that in memory. */
    static final int RECEIVE_MAXIMUM = 32;

    static final int WINDOW = 100;
    /** A document has 256 KiB at most, and properties beside; nothing larger comes to a device. */
    static final int MAXIMUM_PACKET_SIZE = 320 * 1024;

    static final String WILL_DELAY = "PT30S";

    private static final int TWO_BYTES = 65_535;
    /** MQTT 5.0, 2.1.4: what a length can say, with the header before it. */
    private static final int LARGEST_PACKET = 268_435_460;

    /** Every document fits into it: what does not fit a broker drops without a word to anybody. */
    private static final int SMALLEST_LIMIT = 272 * 1024;

    MqttSettings {
        within("keepAlive", keepAlive, 0, TWO_BYTES);
        within("receiveMaximum", receiveMaximum, 1, TWO_BYTES);
        within("window", window, 1, TWO_BYTES);
        within("maximumPacketSize", maximumPacketSize, SMALLEST_LIMIT, LARGEST_PACKET);
        if (willDelay.isNegative()) {
            throw new IllegalArgumentException("willDelay must not be negative: " + willDelay);
        }
    }

    /**
     * A broker's address with all else as usual; user and password may stand in it.
     *
     * @throws IllegalArgumentException if it is no address of a broker
     */
    static MqttSettings of(URI uri) {
        return of(uri.toString());
    }

    static MqttSettings of(String address) {
        return new MqttSettings(
                Broker.at(address),
                Security.usual(),
                KEEP_ALIVE,
                RECEIVE_MAXIMUM,
                WINDOW,
                MAXIMUM_PACKET_SIZE,
                Duration.parse(WILL_DELAY));
    }

    MqttSettings withBroker(UnaryOperator<Broker> change) {
        return new MqttSettings(
                change.apply(broker), security, keepAlive, receiveMaximum, window, maximumPacketSize, willDelay);
    }

    MqttSettings with(Security other) {
        return new MqttSettings(broker, other, keepAlive, receiveMaximum, window, maximumPacketSize, willDelay);
    }

    MqttSettings withBounds(int keepAlive, int receiveMaximum, int window, Duration willDelay) {
        return new MqttSettings(broker, security, keepAlive, receiveMaximum, window, maximumPacketSize, willDelay);
    }

    MqttSettings withMaximumPacketSize(int bytes) {
        return new MqttSettings(broker, security, keepAlive, receiveMaximum, window, bytes, willDelay);
    }

    /** The broker's, for whoever reads a message. */
    String address() {
        return broker.address();
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ": " + value);
        }
    }
}
