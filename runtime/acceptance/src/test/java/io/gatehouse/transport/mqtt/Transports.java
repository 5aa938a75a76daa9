package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.TransportProvider;
import java.net.URI;
import java.time.Duration;
import java.util.SplittableRandom;

/** Opens the transport with what a device sets by configuration; for that it lives in the transport's package. */
public final class Transports {
    private Transports() {}

    public static TransportProvider.Connection open(
            URI broker, Endpoint endpoint, Outgoing outgoing, Duration willDelay, int receiveMaximum, int window) {
        MqttSettings settings =
                MqttSettings.of(broker).withBounds(MqttSettings.KEEP_ALIVE, receiveMaximum, window, willDelay);
        return MqttConnection.open(settings, endpoint, outgoing, new SplittableRandom());
    }

    /** As usual, but for the silence after which it asks whether the broker is still there. */
    public static TransportProvider.Connection openAlert(
            URI broker, Endpoint endpoint, Outgoing outgoing, Duration keepAlive) {
        MqttSettings usual = MqttSettings.of(broker);
        MqttSettings settings = usual.withBounds(
                (int) keepAlive.toSeconds(), usual.receiveMaximum(), usual.window(), usual.willDelay());
        return MqttConnection.open(settings, endpoint, outgoing, new SplittableRandom());
    }
}
