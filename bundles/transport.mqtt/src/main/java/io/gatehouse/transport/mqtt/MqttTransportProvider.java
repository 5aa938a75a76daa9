package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.TransportProvider;
import java.net.URI;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;

/** Connects programs outside of OSGi; public for {@link java.util.ServiceLoader}, and for nobody else. */
public final class MqttTransportProvider implements TransportProvider {
    @Override
    public boolean speaks(String scheme) {
        return Broker.speaks(scheme);
    }

    @Override
    public boolean othersListen(URI broker) {
        return Broker.at(broker.toString()).othersListen();
    }

    @Override
    public Connection open(URI broker, Endpoint endpoint, Outgoing outgoing) {
        return MqttConnection.open(MqttSettings.of(broker), endpoint, outgoing, new SplittableRandom());
    }

    @Override
    public Connection open(URI broker, SSLContext tls, Endpoint endpoint, Outgoing outgoing) {
        MqttSettings settings = MqttSettings.of(broker).with(Security.of(Optional.of(tls), Security.PROTOCOLS));
        return MqttConnection.open(settings, endpoint, outgoing, new SplittableRandom());
    }
}
