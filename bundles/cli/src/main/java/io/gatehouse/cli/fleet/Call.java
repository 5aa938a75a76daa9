package io.gatehouse.cli.fleet;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.ProtectedHeader;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A command on its way to the devices of a scope, and how to tell its answers. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Call(Message message, String inbox, byte[] correlation) {
    /**
     * What a device answered: how far it is, or its end.
     *
     * @param boot in which of its starts; empty where it does not say
     */
    public record Answer(String device, String boot, Reply reply) {}

    /**
     * A command that is of no use any more after a while, and says how far it is. Not signed yet.
     *
     * @param expiry rounded up to whole seconds
     * @throws Trouble if that is longer than any command may be of use
     */
    public static Call of(Fleet fleet, Scope scope, String command, Map<String, ?> arguments, Duration expiry)
            throws Trouble {
        if (expiry.compareTo(ProtectedHeader.LONGEST_LIFE) > 0) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "a command is of use for " + ProtectedHeader.LONGEST_LIFE.toHours() + " h at most: "
                            + expiry.toSeconds() + " s");
        }
        byte[] correlation = Fleet.random(16);
        Message message = Message.json(new Topic.Command(scope.path(), command).toString(), Json.write(arguments))
                .answeredAt(fleet.inbox(), correlation)
                .expiring(Duration.ofSeconds(expiry.plusMillis(999).toSeconds()))
                .with("progress", "true");
        return new Call(message, fleet.inbox(), correlation);
    }

    /**
     * Reads a message if it answers this call.
     *
     * @throws io.gatehouse.api.command.BadArgument if it answers with something that is no reply
     */
    public Optional<Answer> answer(Message arrived) {
        if (!arrived.topic().equals(inbox)
                || !Arrays.equals(arrived.correlation().orElse(new byte[0]), correlation)) {
            return Optional.empty();
        }
        String device = arrived.properties().first("device").orElse("a device that does not say its name");
        String boot = arrived.properties().first("boot").orElse("");
        return Optional.of(new Answer(device, boot, Reply.read(arrived.payload())));
    }
}
