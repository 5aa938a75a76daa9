package io.gatehouse.benchmarks;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * A message that arrived.
 *
 * @param nanos when, as {@link System#nanoTime}
 * @param properties user properties
 * @param correlation empty where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Heard(long nanos, String topic, byte[] payload, Map<String, String> properties, byte[] correlation) {
    /** A message that arrives now. */
    static Heard now(String topic, MqttMessage message) {
        long nanos = System.nanoTime();
        MqttProperties properties = message.getProperties();
        Map<String, String> users = new HashMap<>();
        properties.getUserProperties().forEach(one -> users.put(one.getKey(), one.getValue()));
        byte[] correlation =
                Optional.ofNullable(properties.getCorrelationData()).orElse(new byte[0]);
        return new Heard(nanos, topic, message.getPayload(), users, correlation);
    }

    Members body() {
        return Json.read(payload);
    }
}
