package io.gatehouse.dispatch;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Signs what the fleet sends. */
final class Signer {
    private static final Duration LIFE = Duration.ofHours(1);

    static final SigningKey ROOT = SigningKey.generate();
    static final SigningKey OPERATOR = SigningKey.generate();
    static final String TRUST = "dwr/desired/trust";

    private Signer() {}

    /** Trusts the root, and the operator for all that a device may lie under. */
    static TrustDocument document(long version) {
        return document(version, key(OPERATOR, Role.OPERATOR, Role.FIRMWARE));
    }

    static TrustDocument document(long version, TrustedKey... others) {
        List<TrustedKey> keys = new java.util.ArrayList<>(List.of(key(ROOT, Role.ROOT)));
        keys.addAll(List.of(others));
        return new TrustDocument(version, keys, List.of());
    }

    static TrustedKey key(SigningKey key, Role... roles) {
        return new TrustedKey(key.jwk(), Set.of(roles), List.of(new Scope("dwr"), new Scope("world")), false);
    }

    static Message trust(TrustDocument document, Instant at) {
        byte[] payload = new Envelope(Optional.of(document.write()), io.gatehouse.protocol.Rollout.ALL).write();
        return sign(ROOT, Message.json(TRUST, payload), at);
    }

    /** Adds what a signature by this key says; a message that is for nobody here stays as it is. */
    static Message sign(SigningKey key, Message message, Instant at) {
        Optional<Topic> topic = Topic.parse(message.topic());
        if (topic.isEmpty()) {
            return message;
        }
        ProtectedHeader header = topic.get() instanceof Topic.Command command
                ? ProtectedHeader.command(
                        key.kid(),
                        command,
                        at,
                        message.expiry().filter(life -> life.toSeconds() > 0).orElse(LIFE),
                        message.correlation().orElse(new byte[0]),
                        message.responseTopic())
                : ProtectedHeader.desired(key.kid(), (Topic.Desired) topic.get(), at);
        return message.with(Jws.PROPERTY, key.sign(header, message.payload()));
    }
}
