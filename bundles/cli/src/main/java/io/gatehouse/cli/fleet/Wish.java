package io.gatehouse.cli.fleet;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.TrustDocument;
import java.util.Optional;

/**
 * What devices shall have, or shall have no longer.
 *
 * @param name of one of several, where the resource has several
 */
public record Wish(Scope scope, String resource, Optional<String> name, Envelope envelope) {
    /** What speaks of features. */
    public static final String FEATURE = "feature";

    /** What speaks of whom devices trust. */
    public static final String TRUST = "trust";

    /**
     * A feature under a name.
     *
     * @throws Trouble if the name may not be a level of a topic
     */
    public static Wish feature(Scope scope, String name, Envelope envelope) throws Trouble {
        if (!Names.isName(name)) {
            throw new Trouble(Trouble.Kind.USAGE, "not a name for a feature: " + name + "; use " + Names.FORM);
        }
        return new Wish(scope, FEATURE, Optional.of(name), envelope);
    }

    /** Whom to trust. */
    public static Wish trust(Scope scope, TrustDocument document) {
        return new Wish(scope, TRUST, Optional.empty(), new Envelope(Optional.of(document.write()), Rollout.ALL));
    }

    /** {@code S/desired/<resource>[/<name>]}. */
    public String topic() {
        return new Topic.Desired(scope.path(), resource, name).toString();
    }

    /** Not signed yet. */
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
