package io.gatehouse.transport.mqtt;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * What a broker granted in its CONNACK.
 *
 * @param window messages that may be on their way to it
 * @param maximumPacketSize bytes that a packet to it may have
 * @param shortcomings what it does not do as it should, each in words for an operator
 */
record Granted(int window, long maximumPacketSize, List<String> shortcomings) {
    private static final long NO_LIMIT = 268_435_460;

    /** Below this each message waits for others, on any line that is not very short. */
    private static final int FEW = 10;

    /** An artifact's chunk and its properties. */
    private static final int SMALL = 65_536 + 1024;

    /** As long as nobody said anything. */
    static Granted none() {
        return new Granted(1, NO_LIMIT, List.of());
    }

    /** What was granted where this was asked for. */
    static Granted of(MqttProperties granted, MqttSettings settings, Duration sessionExpiry) {
        List<String> shortcomings = new ArrayList<>();
        int window = settings.window();
        if (granted.getReceiveMaximum() != null) {
            int receiveMaximum = Short.toUnsignedInt(granted.getReceiveMaximum().shortValue());
            window = Math.min(window, receiveMaximum);
            if (receiveMaximum < FEW) {
                shortcomings.add("takes no more than " + receiveMaximum + " messages at a time: all others wait");
            }
        }
        long size = Objects.requireNonNullElse(granted.getMaximumPacketSize(), NO_LIMIT);
        if (size < SMALL) {
            shortcomings.add("takes no packet of more than " + size + " bytes: messages that do not fit are dropped");
        }
        if (Objects.requireNonNullElse(granted.getMaximumQoS(), 2) < Packets.AT_LEAST_ONCE) {
            shortcomings.add(
                    "acknowledges nothing (its Maximum QoS is 0): what is on its way when a connection is lost is"
                            + " lost");
        }
        if (!Objects.requireNonNullElse(granted.isRetainAvailable(), true)) {
            shortcomings.add("retains nothing: status and reports reach only who listens at that moment");
        }
        Long kept = granted.getSessionExpiryInterval();
        if (kept != null && kept < sessionExpiry.toSeconds()) {
            shortcomings.add("keeps what comes while this device is away for " + kept + " s, of the "
                    + sessionExpiry.toSeconds() + " s it was asked for");
        }
        return new Granted(window, size, List.copyOf(shortcomings));
    }
}
