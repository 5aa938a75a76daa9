package io.gatehouse.dispatch;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Topic;
import java.time.Duration;
import java.util.Optional;

/** Tells what a message is. */
final class Decoder {
    /** Bytes. No document and no arguments come near it, and an artifact's chunk is a quarter of it. */
    static final int LARGEST_PAYLOAD = 256 * 1024;

    private static final int LONGEST_CORRELATION = 64;

    private final Device device;
    private final SecurityEvents security;

    Decoder(Device device, SecurityEvents security) {
        this.device = device;
        this.security = security;
    }

    Incoming decode(Message message) {
        Optional<Topic> topic =
                Topic.parse(message.topic()).filter(parsed -> device.scopes().contains(parsed.scope()));
        if (topic.isPresent()) {
            return topic.get() instanceof Topic.Desired desired
                    ? wish(desired, message)
                    : command((Topic.Command) topic.get(), message);
        }
        String own = device.name() + "/";
        if (message.topic().startsWith(own)) {
            return data(message.topic().substring(own.length()), message);
        }
        security.tell(
                "unknown-topic", "a message came at \"" + message.topic() + "\", which is no topic of this device");
        return Incoming.Nothing.NOTHING;
    }

    /** What to say of a payload that is not even looked at. */
    static String tooLarge(long bytes) {
        return "payload has " + bytes + " bytes, and at most " + LARGEST_PAYLOAD + " are taken";
    }

    private Incoming data(String below, Message message) {
        if (message.payload().length > LARGEST_PAYLOAD) {
            security.tell("too-large", message.topic() + ": " + tooLarge(message.payload().length));
            return Incoming.Nothing.NOTHING;
        }
        return new Incoming.Data(below, message);
    }

    private Incoming wish(Topic.Desired topic, Message message) {
        if (message.payload().length == 0) {
            return Incoming.Nothing.NOTHING; // somebody emptied a retained topic: that takes nothing away
        }
        if (message.payload().length > LARGEST_PAYLOAD) {
            security.tell("too-large", topic + ": " + tooLarge(message.payload().length));
            return Incoming.Nothing.NOTHING;
        }
        return new Incoming.Wish(topic, message);
    }

    private Incoming command(Topic.Command topic, Message message) {
        byte[] correlation = message.correlation().orElse(new byte[0]);
        String id = Base64Url.encode(correlation);
        Call call = new Call(message, topic.name(), id, Optional.empty());
        if (correlation.length > LONGEST_CORRELATION) {
            return new Incoming.Settled(
                    call,
                    Outcome.refused(
                            "bad-argument",
                            "Correlation Data must be 1 to " + LONGEST_CORRELATION + " bytes: " + correlation.length));
        }
        if (message.payload().length > LARGEST_PAYLOAD) {
            return new Incoming.Settled(call, Outcome.refused("too-large", tooLarge(message.payload().length)));
        }
        if (message.retain()) {
            security.tell(
                    "retained-command", "a retained message at \"" + topic + "\" would be run at every connection");
            return new Incoming.Settled(call, Outcome.refused("retained", "a command must not be retained"));
        }
        if (message.expiry().filter(Decoder::isOver).isPresent()) {
            return new Incoming.Settled(call, Outcome.refused("expired", "the command expired before it arrived"));
        }
        return call;
    }

    private static boolean isOver(Duration expiry) {
        return expiry.isZero() || expiry.isNegative();
    }
}
