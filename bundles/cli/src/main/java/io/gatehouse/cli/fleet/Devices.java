package io.gatehouse.cli.fleet;

import java.util.Optional;

/** Reads a device's name off the topics that lie below it. */
public final class Devices {
    private Devices() {}

    /** The device at whose topic {@code D/<below>} a message is; nothing where the topic is another. */
    public static Optional<String> of(String topic, String below) {
        if (!topic.endsWith("/" + below)) {
            return Optional.empty();
        }
        String device = topic.substring(0, topic.length() - below.length() - 1);
        return device.split("/", -1).length == 3 ? Optional.of(device) : Optional.empty();
    }
}
