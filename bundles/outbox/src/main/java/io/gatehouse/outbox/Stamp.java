package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.util.Set;

/**
 * The user properties that every message from this device carries. They come first, and nobody else sets one of their names.
 *
 * @param device the device's name
 * @param boot the process's start, 16 hex digits
 */
record Stamp(String device, String boot) {
    private static final Set<String> OURS = Set.of("device", "boot", "seq");

    Message on(Message message) {
        return stamped(message, own());
    }

    Message on(Message message, long seq) {
        return stamped(message, own().and("seq", Long.toString(seq)));
    }

    private UserProperties own() {
        return UserProperties.none().and("device", device).and("boot", boot);
    }

    private static Message stamped(Message message, UserProperties own) {
        UserProperties all = own;
        for (UserProperties.Pair pair : message.properties().pairs()) {
            if (!OURS.contains(pair.name())) {
                all = all.and(pair.name(), pair.value());
            }
        }
        return message.with(all);
    }
}
