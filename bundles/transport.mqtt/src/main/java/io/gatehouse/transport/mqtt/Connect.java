package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import java.time.Duration;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** What a CONNECT says. */
final class Connect {
    private static final int TCP_SECONDS = 20;

    private Connect() {}

    static MqttConnectionOptions options(MqttSettings settings, Endpoint endpoint, boolean clean, Sockets sockets) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setConnectionTimeout(TCP_SECONDS);
        options.setKeepAliveInterval(settings.keepAlive());
        options.setReceiveMaximum(settings.receiveMaximum());
        options.setMaximumPacketSize((long) settings.maximumPacketSize());
        options.setSocketFactory(sockets);
        Duration kept = endpoint.sessionExpiry();
        options.setCleanStart(clean || kept.isZero());
        options.setSessionExpiryInterval(kept.isZero() ? 0L : Packets.seconds(kept));
        settings.broker().username().ifPresent(options::setUserName);
        settings.broker().password().ifPresent(options::setPassword);
        endpoint.will().ifPresent(will -> will(options, will, settings.willDelay()));
        return options;
    }

    private static void will(MqttConnectionOptions options, Message will, Duration delay) {
        MqttProperties properties = Packets.properties(will);
        properties.setWillDelayInterval(delay.toSeconds());
        MqttMessage message = new MqttMessage(will.payload(), Packets.AT_LEAST_ONCE, will.retain(), properties);
        options.setWill(will.topic(), message);
        options.setWillMessageProperties(properties);
    }
}
