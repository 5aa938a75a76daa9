package io.gatehouse.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTProtocolHandler;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Mends a gap of Artemis 2.55: it takes <em>Disconnect with Will</em> (MQTT 5.0, 3.14.2.1, reason code 0x04) for any other
 * DISCONNECT and forgets the will. What ends a connection as a failure, in its turn behind all that was sent before, is a
 * packet that no client may send. Public, with a constructor without arguments, because Artemis makes it.
 */
public final class WillOnDisconnect implements MQTTInterceptor {
    private static final byte DISCONNECT_WITH_WILL = 0x04;
    private static final MqttFixedHeader NO_CLIENT_MAY_SEND =
            new MqttFixedHeader(MqttMessageType.PINGRESP, false, MqttQoS.AT_MOST_ONCE, false, 0);

    @Override
    public boolean intercept(MqttMessage packet, RemotingConnection connection) {
        if (packet.fixedHeader().messageType() == MqttMessageType.CONNECT
                && connection.getTransportConnection() instanceof NettyConnection netty) {
            ChannelPipeline pipeline = netty.getChannel().pipeline();
            pipeline.addBefore(pipeline.context(MQTTProtocolHandler.class).name(), "will", new Failing());
        }
        return true;
    }

    private static final class Failing extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object packet) {
            boolean withWill = packet instanceof MqttMessage message
                    && message.fixedHeader().messageType() == MqttMessageType.DISCONNECT
                    && message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                    && header.reasonCode() == DISCONNECT_WITH_WILL;
            context.fireChannelRead(withWill ? new MqttMessage(NO_CLIENT_MAY_SEND) : packet);
        }
    }
}
