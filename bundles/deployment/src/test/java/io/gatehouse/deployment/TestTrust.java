package io.gatehouse.deployment;

import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import io.gatehouse.protocol.trust.Vendor;
import java.util.List;
import java.util.Set;

/** Whom the tests trust. */
final class TestTrust {
    /** Answers for the bundles of its features. */
    static final SigningKey OPERATOR = SigningKey.generate();

    /** Does not. */
    static final SigningKey CLERK = SigningKey.generate();

    private static final SigningKey ROOT = SigningKey.generate();

    private TestTrust() {}

    static TrustDocument document(List<Vendor> vendors) {
        return new TrustDocument(
                1,
                List.of(key(ROOT, Role.ROOT), key(OPERATOR, Role.OPERATOR, Role.VOUCH), key(CLERK, Role.OPERATOR)),
                vendors);
    }

    static TrustDocument withoutVouch() {
        return new TrustDocument(1, List.of(key(ROOT, Role.ROOT), key(OPERATOR, Role.OPERATOR)), List.of());
    }

    private static TrustedKey key(SigningKey key, Role... roles) {
        return new TrustedKey(key.jwk(), Set.of(roles), List.of(new Scope("dwr")), false);
    }
}
