package io.gatehouse.cli.fleet;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import java.util.Optional;

/** A feature that devices shall have, or shall have no longer. */
public record Wish(Scope scope, String name, Envelope envelope) {
    /**
     * A wish under a name.
     *
     * @throws Trouble if the name may not be a level of a topic
     */
    public static Wish of(Scope scope, String name, Envelope envelope) throws Trouble {
        if (!Names.isName(name)) {
            throw new Trouble(Trouble.Kind.USAGE, "not a name for a feature: " + name + "; use " + Names.FORM);
        }
        return new Wish(scope, name, envelope);
    }

    /** {@code S/desired/feature/<name>}. */
    public String topic() {
        return new Topic.Desired(scope.path(), "feature", Optional.of(name)).toString();
    }

    public Message message() {
        return Message.json(topic(), envelope.write()).retained();
    }

    /** What a report that speaks of this wish names at the topic. */
    public String digest() {
        return Sha256.of(envelope.write()).hex();
    }

    public boolean removes() {
        return envelope.spec().isEmpty();
    }

    /** Whether a device has to do with it at all. */
    public boolean includes(Roster.Member member) {
        return scope.covers(member.device(), member.place())
                && envelope.rollout().includes(member.device());
    }
}
