package io.gatehouse.acceptance;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keys with each role, the trust document that names them, and what they sign. */
final class Keyring {
    static final SigningKey ROOT = SigningKey.generate();
    static final SigningKey OPERATOR = SigningKey.generate();
    static final SigningKey FARAWAY = SigningKey.generate();
    static final SigningKey LICENSOR = SigningKey.generate();
    static final SigningKey RETIRED = SigningKey.generate();
    static final SigningKey HIS_OWN = SigningKey.generate();

    private Keyring() {}

    static Message wish(SigningKey key, Topic.Desired topic, String payload, Instant at) {
        String jws = key.sign(ProtectedHeader.desired(key.kid(), topic, at), payload.getBytes(StandardCharsets.UTF_8));
        return Message.json(topic.toString(), payload.getBytes(StandardCharsets.UTF_8))
                .retained()
                .with(Jws.PROPERTY, jws);
    }

    static Message trust(TrustDocument document, Instant at, SigningKey key) {
        Topic.Desired topic = new Topic.Desired("dwr", "trust", Optional.empty());
        byte[] payload = new Envelope(Optional.of(document.write()), Rollout.ALL).write();
        return wish(key, topic, new String(payload, StandardCharsets.UTF_8), at);
    }

    static TrustDocument document(long version) {
        return new TrustDocument(
                version,
                List.of(
                        key(ROOT, false, "dwr", Role.ROOT),
                        key(OPERATOR, false, "dwr", Role.OPERATOR, Role.VOUCH),
                        key(FARAWAY, false, "dwr/411", Role.OPERATOR),
                        new TrustedKey(
                                LICENSOR.jwk(),
                                Set.of(Role.LICENSE),
                                List.of(new Scope("dwr")),
                                false,
                                Optional.of(new Licensor("acme", List.of("*")))),
                        key(RETIRED, true, "dwr", Role.OPERATOR)),
                List.of());
    }

    static TrustedKey key(SigningKey key, boolean retired, String scope, Role... roles) {
        return new TrustedKey(key.jwk(), Set.of(roles), List.of(new Scope(scope)), retired);
    }
}
