package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import java.util.Optional;

/**
 * What a device says that somebody should not have sent: {@code D/event/security}. A device says the same once in a while only.
 *
 * @param topic where it came, empty where it is not about one message
 * @param sha256 of its payload, in hex digits
 */
public record SecurityEvent(String device, Problem problem, String topic, String sha256) {
    /** The topic below a device. */
    public static final String TOPIC = "event/security";

    /** Topic filter of every device's. */
    public static final String FILTER = "+/+/+/" + TOPIC;

    /**
     * Reads a message if it is one.
     *
     * @throws BadArgument if it is none although its topic says so
     */
    public static Optional<SecurityEvent> read(Message message) {
        return Devices.of(message.topic(), TOPIC).map(device -> {
            Members members = Json.read(message.payload());
            return new SecurityEvent(
                    device,
                    new Problem(
                            members.string("type"),
                            members.optionalString("detail").orElse("")),
                    members.optionalString("topic").orElse(""),
                    members.optionalString("sha256").orElse(""));
        });
    }
}
