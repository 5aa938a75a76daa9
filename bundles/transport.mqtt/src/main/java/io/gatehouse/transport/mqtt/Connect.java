package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** What a CONNECT says. */
final class Connect {
    private static final int TCP_SECONDS = 20;

    private Connect() {}

    static MqttConnectionOptions options(MqttSettings settings, Endpoint endpoint, boolean clean, Sockets sockets)
            throws MqttException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setAutomaticReconnect(false);
        options.setConnectionTimeout(TCP_SECONDS);
        options.setKeepAliveInterval(settings.keepAlive());
        options.setReceiveMaximum(settings.receiveMaximum());
        try {
            options.setSocketFactory(settings.overTls() ? sockets.tls() : sockets.plain());
        } catch (NoSuchAlgorithmException e) {
            throw new MqttException(e);
        }
        Duration kept = endpoint.sessionExpiry();
        options.setCleanStart(clean || kept.isZero());
        options.setSessionExpiryInterval(kept.isZero() ? 0L : Packets.seconds(kept));
        settings.username().ifPresent(options::setUserName);
        settings.password().ifPresent(options::setPassword);
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
