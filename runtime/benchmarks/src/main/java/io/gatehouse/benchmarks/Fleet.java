package io.gatehouse.benchmarks;

import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Whom the gateways that are measured trust: a root, and an operator who vouches for the bundles that come and go. */
final class Fleet {
    /** Where all of them listen. */
    private static final Scope SCOPE = new Scope("bench");

    static final Topic.Desired TRUST = new Topic.Desired(SCOPE.toString(), "trust", Optional.empty());

    private static final SigningKey ROOT = SigningKey.generate();
    private static final SigningKey OPERATOR = SigningKey.generate();

    /** When the last wish was signed, in seconds: of two that were signed in one a device refuses the second. */
    private static final AtomicLong SIGNED = new AtomicLong();

    private Fleet() {}

    /** Names the root, as the image does. */
    static Map.Entry<String, String> root() {
        return Map.entry("gatehouse.root", ROOT.kid());
    }

    /** What tells devices of the two. */
    static Envelope trust() {
        TrustDocument document = new TrustDocument(
                1, List.of(key(ROOT, Role.ROOT), key(OPERATOR, Role.OPERATOR, Role.VOUCH)), List.of());
        return new Envelope(Optional.of(document.write()), Rollout.ALL);
    }

    private static TrustedKey key(SigningKey key, Role... roles) {
        return new TrustedKey(key.jwk(), Set.of(roles), List.of(SCOPE), false);
    }

    /** The {@code jws} of a wish. */
    static String sign(Topic.Desired topic, byte[] payload) {
        SigningKey key = topic.equals(TRUST) ? ROOT : OPERATOR;
        long now = Instant.now().getEpochSecond();
        Instant signed = Instant.ofEpochSecond(SIGNED.updateAndGet(last -> Math.max(last + 1, now)));
        return key.sign(ProtectedHeader.desired(key.kid(), topic, signed), payload);
    }

    /** The {@code jws} of a command. */
    static String sign(Topic.Command topic, byte[] payload, Duration life, byte[] correlation, String reply) {
        return OPERATOR.sign(
                ProtectedHeader.command(OPERATOR.kid(), topic, Instant.now(), life, correlation, Optional.of(reply)),
                payload);
    }
}
