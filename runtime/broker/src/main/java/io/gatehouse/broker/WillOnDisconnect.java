package io.gatehouse.broker;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Mends a gap of Artemis 2.55: it takes <em>Disconnect with Will</em> (MQTT 5.0, 3.14.2.1, reason code 0x04) for any other
 * DISCONNECT and forgets the will. A packet that an interceptor refuses ends the connection as a failure does, and a
 * failure keeps the will. Public, with a constructor without arguments, because Artemis makes it.
 */
public final class WillOnDisconnect implements MQTTInterceptor {
    private static final byte DISCONNECT_WITH_WILL = 0x04;

    @Override
    public boolean intercept(MqttMessage packet, RemotingConnection connection) {
        return packet.fixedHeader().messageType() != MqttMessageType.DISCONNECT
                || !(packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header)
                || header.reasonCode() != DISCONNECT_WITH_WILL;
    }
}
