package io.gatehouse.acceptance;

import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import io.gatehouse.protocol.trust.Vendor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Whom the gateways of these tests trust: a root, and an operator who vouches for bundles that no vendor signed. */
final class Fleet {
    private static final List<Scope> SCOPES = List.of(new Scope("dwr"), new Scope("world"));
    private static final SigningKey ROOT = SigningKey.generate();
    private static final SigningKey OPERATOR = SigningKey.generate();

    /** When a wish was signed last, by its topic: a device takes nothing that is not of a later second. */
    private static final Map<String, Instant> LAST = new ConcurrentHashMap<>();

    private Fleet() {}

    /** What pins the root, as the image does. */
    static String root() {
        return "gatehouse.root=" + ROOT.kid();
    }

    /** The payload that tells devices of the two. */
    static byte[] trust() {
        return trust(1);
    }

    /** The payload that tells devices of the two, and of vendors; the version must rise. */
    static byte[] trust(long version, Vendor... vendors) {
        return trust(version, List.of(), vendors);
    }

    /** As {@link #trust(long, Vendor...)}, and of those who issue licenses. */
    static byte[] trust(long version, List<Licenses> issuers, Vendor... vendors) {
        List<TrustedKey> keys =
                new ArrayList<>(List.of(key(ROOT, Role.ROOT), key(OPERATOR, Role.OPERATOR, Role.VOUCH, Role.FIRMWARE)));
        issuers.forEach(issuer -> keys.add(issuer.key(SCOPES)));
        TrustDocument document = new TrustDocument(version, keys, List.of(vendors));
        return new Envelope(Optional.of(document.write()), Rollout.ALL).write();
    }

    /** Writes the operator's private key to a new file, for a command that signs with it. */
    static Path writeOperator(Path file) throws IOException {
        OPERATOR.write(file);
        return file;
    }

    private static TrustedKey key(SigningKey key, Role... roles) {
        return new TrustedKey(key.jwk(), Set.of(roles), SCOPES, false);
    }

    /** The {@code jws} of what is published at this topic; nothing where that needs none. */
    static Optional<String> sign(String topic, byte[] payload) {
        if (payload.length == 0 || !(Topic.parse(topic).orElse(null) instanceof Topic.Desired desired)) {
            return Optional.empty();
        }
        SigningKey key = desired.resource().equals("trust") ? ROOT : OPERATOR;
        Instant now = Instant.now();
        Instant signed = LAST.merge(topic, now, (last, any) -> later(last.plusSeconds(1), now));
        return Optional.of(key.sign(ProtectedHeader.desired(key.kid(), desired, signed), payload));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The {@code jws} of a command. */
    static String sign(Topic.Command topic, byte[] payload, Duration life, byte[] correlation, String reply) {
        return OPERATOR.sign(
                ProtectedHeader.command(OPERATOR.kid(), topic, Instant.now(), life, correlation, Optional.of(reply)),
                payload);
    }
}
