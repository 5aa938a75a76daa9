package io.gatehouse.cli;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission;
import io.gatehouse.protocol.trust.ClockFloor;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.LastAccepted;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SignedMessage;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.Trust;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom a device of a test trusts, by the rules of every device. */
final class Trusting {
    private final Map<Topic, LastAccepted> last = new HashMap<>();
    private Trust trust;

    Trusting(Trust trust) {
        this.trust = trust;
    }

    /** Everything of these scopes to one key. */
    static Trusting allTo(SigningKey root, SigningKey operator, String... scopes) {
        List<Scope> all = List.of(scopes).stream().map(Scope::new).toList();
        TrustDocument document = new TrustDocument(
                1,
                List.of(
                        new TrustedKey(root.jwk(), Set.of(Role.ROOT), all, false),
                        new TrustedKey(operator.jwk(), Set.of(Role.OPERATOR, Role.VOUCH, Role.FIRMWARE), all, false)),
                List.of());
        return new Trusting(new Trust(root.kid(), Optional.of(document)));
    }

    Admission admit(Message message) {
        Topic topic = Topic.parse(message.topic()).orElseThrow();
        SignedMessage signed = new SignedMessage(
                topic,
                message.payload(),
                message.properties().all(Jws.PROPERTY),
                message.correlation(),
                message.responseTopic());
        ClockFloor.Time time = new ClockFloor(Instant.parse("2026-01-01T00:00:00Z")).time(Clock.systemUTC());
        Admission admission = trust.admit(signed, time, Optional.ofNullable(last.get(topic)));
        if (admission instanceof Admission.Accepted accepted) {
            last.put(topic, accepted.last());
            accepted.trust().ifPresent(newer -> trust = new Trust(trust.root(), Optional.of(newer)));
        }
        return admission;
    }

    long version() {
        return trust.document().map(TrustDocument::version).orElse(0L);
    }
}
