package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import java.util.HashMap;
import java.util.Map;

/**
 * The user properties that every message from this device carries.
 *
 * @param device the device's name
 * @param boot the process's start
 */
record Stamp(String device, String boot) {
    Message on(Message message) {
        if (message.properties().isEmpty()) {
            return message.withProperties(Map.of("device", device, "boot", boot));
        }
        Map<String, String> properties = new HashMap<>(message.properties());
        properties.put("device", device);
        properties.put("boot", boot);
        return message.withProperties(properties);
    }

    Message on(Message message, long seq) {
        return message.withProperties(Map.of("device", device, "boot", boot, "seq", Long.toString(seq)));
    }
}
