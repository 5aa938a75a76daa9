package io.gatehouse.acceptance;

import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Term;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Somebody who issues licenses, and takes them back. */
final class Licenses {
    private final String name;
    private final List<String> features;
    private final SigningKey key = SigningKey.generate();

    /**
     * One with a new key.
     *
     * @param features patterns of what it may grant
     */
    Licenses(String name, String... features) {
        this.name = name;
        this.features = List.of(features);
    }

    /** As a trust document names it. */
    TrustedKey key(List<Scope> scopes) {
        return new TrustedKey(
                key.jwk(), Set.of(Role.LICENSE), scopes, false, Optional.of(new Licensor(name, features)));
    }

    /** A token that grants a feature with a limit of so many targets. */
    String token(String jti, long sequence, Term term, String feature, long targets) {
        return sign(
                License.TYPE,
                new License(
                                new License.Id(name, jti),
                                new Scope("dwr"),
                                Instant.now(),
                                sequence,
                                new TreeMap<>(Map.of(feature, new Limits(new TreeMap<>(Map.of("targets", targets))))),
                                term,
                                Optional.empty())
                        .write());
    }

    /** The token of a list that takes a license back, up to a sequence. */
    String revocation(long listsSequence, String jti, long upTo) {
        Revocations.Revoked revoked = new Revocations.Revoked(jti, Optional.of(upTo), Optional.of("not paid"));
        return sign(Revocations.TYPE, new Revocations(name, Instant.now(), listsSequence, List.of(revoked)).write());
    }

    /** What is published to bring a token to devices. */
    static byte[] payload(String token) {
        return new Envelope(Optional.of(token), Rollout.ALL).write();
    }

    private String sign(Jwt.Type type, Map<String, ?> claims) {
        try {
            return Jwt.sign(key, type, claims);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot sign " + claims, e);
        }
    }
}
