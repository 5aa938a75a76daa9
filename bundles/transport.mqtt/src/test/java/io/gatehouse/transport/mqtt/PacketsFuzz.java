package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Message;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttWireMessage;

/** What a broker sends: no packet beyond the limit is let through, and what Paho makes a message of becomes one of ours. */
public final class PacketsFuzz {
    private static final int MOST = 200;

    private PacketsFuzz() {}

    /** Reads packets, one after the other. */
    public static void fuzzerTestOneInput(byte[] data) {
        byte[] passed;
        try {
            passed = new BoundedPackets(new ByteArrayInputStream(data), MOST, (topic, id, qos, size) -> {})
                    .readAllBytes();
        } catch (IOException e) {
            return; // the link ends
        }
        for (int at = 0; at < passed.length; ) {
            int length = 0;
            int digits = 1;
            for (; at + digits < passed.length; digits++) {
                length |= (passed[at + digits] & 0x7F) << (7 * (digits - 1));
                if (passed[at + digits] >= 0) {
                    break;
                }
            }
            int end = at + 1 + digits + length;
            if (end - at > MOST) {
                throw new AssertionError(end - at + " bytes were let through");
            }
            if (!isRead(Arrays.copyOfRange(passed, at, Math.min(end, passed.length)))) {
                return; // as above
            }
            at = end;
        }
    }

    private static boolean isRead(byte[] packet) {
        try {
            if (MqttWireMessage.createWireMessage(packet) instanceof MqttPublish publish) {
                MqttMessage message = publish.getMessage();
                message.setProperties(publish.getProperties());
                Message ignored = Packets.incoming(publish.getTopicName(), message);
            }
            return true;
        } catch (MqttException | IllegalArgumentException e) {
            return false;
        }
    }
}
