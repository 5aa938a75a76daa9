package io.gatehouse.testkit.gateway;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import io.gatehouse.testkit.FakeClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that the gateway trusts: a root's, an operator's who vouches, and a license issuer's. They sign by the gateway's clock; but as nobody's time goes
 * back because a gateway's clock does, never earlier than before, and never two wishes at one topic in the same second. Thread-safe.
 */
final class Authority {
    /** Whose licenses these are. */
    static final String ISSUER = "testkit";

    private final SigningKey root = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();
    private final SigningKey issuer = SigningKey.generate();
    private final List<Scope> scopes;
    private final Scope device;
    private final Clock gateways;
    private final FakeClock signing = new FakeClock(Instant.EPOCH);
    private final Map<String, Instant> last = new HashMap<>();
    private long trustVersion;

    Authority(String device, Optional<String> place, Clock gateways) {
        this.device = new Scope(device);
        this.gateways = gateways;
        List<Scope> all = new ArrayList<>(List.of(beginning(device)));
        place.map(Authority::beginning).ifPresent(all::add);
        this.scopes = List.copyOf(all);
    }

    private static Scope beginning(String path) {
        return new Scope(path.split("/", -1)[0]);
    }

    /** The thumbprint by which the gateway knows the root. */
    String root() {
        return root.kid();
    }

    /** The trust document that names these keys, signed; a new version of it each time. */
    synchronized Message trust() {
        trustVersion++;
        TrustDocument document = new TrustDocument(
                trustVersion,
                List.of(
                        new TrustedKey(root.jwk(), Set.of(Role.ROOT), scopes, false),
                        new TrustedKey(operator.jwk(), Set.of(Role.OPERATOR, Role.VOUCH, Role.FIRMWARE), scopes, false),
                        new TrustedKey(
                                issuer.jwk(),
                                Set.of(Role.LICENSE),
                                scopes,
                                false,
                                Optional.of(new Licensor(ISSUER, List.of("*"))))),
                List.of());
        return sign(root, Wish.trust(device, document).message());
    }

    /** A wish or a command, signed by the operator. */
    Message sign(Message message) {
        return sign(operator, message);
    }

    /** Claims, signed by the license issuer. */
    String token(Jwt.Type type, Map<String, ?> claims) {
        try {
            return Jwt.sign(issuer, type, claims);
        } catch (IOException e) {
            throw new IllegalStateException("a key in memory does not sign", e);
        }
    }

    /** The time at which these keys sign, in whole seconds. */
    synchronized Instant now() {
        Instant now = gateways.instant().truncatedTo(ChronoUnit.SECONDS);
        if (now.isAfter(signing.instant())) {
            signing.set(now);
        }
        return signing.instant();
    }

    private synchronized Message sign(SigningKey key, Message message) {
        Instant now = now();
        if (message.retain()) {
            Instant later = last.getOrDefault(message.topic(), Instant.EPOCH).plusSeconds(1);
            signing.set(later.isAfter(now) ? later : now);
            last.put(message.topic(), signing.instant());
        }
        return new Signer(List.of(key), signing).sign(message);
    }
}
