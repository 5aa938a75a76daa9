package io.gatehouse.transport.mqtt;

import java.lang.reflect.Field;
import org.eclipse.paho.mqttv5.common.packet.MqttConnAck;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.eclipse.paho.mqttv5.common.packet.MqttSubAck;

/**
 * Teaches Paho 1.2.5 reason codes that MQTT 5 has and that one does not know: at one of them it stops reading without a word,
 * and whoever waits for the answer waits in vain. Each takes the place of one that nobody says to a client like this.
 */
final class ReasonCodes {
    /** MQTT 5.0, 2.4. */
    private static final int QUOTA_EXCEEDED = 0x97;

    private static final int QOS_NOT_SUPPORTED = 0x9B;
    private static final int WILDCARDS_NOT_SUPPORTED = 0xA2;

    private ReasonCodes() {}

    /** May be called again. */
    static void teach() throws ReflectiveOperationException {
        replace(MqttSubAck.class, MqttReturnCode.RETURN_CODE_MAX_QOS_2, QUOTA_EXCEEDED);
        replace(MqttSubAck.class, MqttReturnCode.RETURN_CODE_SHARED_SUB_NOT_SUPPORTED, WILDCARDS_NOT_SUPPORTED);
        replace(MqttConnAck.class, MqttReturnCode.RETURN_CODE_BAD_AUTHENTICATION, QOS_NOT_SUPPORTED);
    }

    private static void replace(Class<?> packet, int unsaid, int unknown) throws ReflectiveOperationException {
        Field field = packet.getDeclaredField("validReturnCodes");
        field.setAccessible(true);
        int[] codes = (int[]) field.get(null);
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] == unsaid) {
                codes[i] = unknown;
            }
        }
    }
}
