package io.gatehouse.protocol.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.License.Id;
import io.gatehouse.protocol.license.Revocations.Revoked;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class VerifierTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final SigningKey acme = SigningKey.generate();
    private final SigningKey other = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();
    private final Verifier verifier = new Verifier(Optional.of(new TrustDocument(
            3,
            List.of(
                    key(acme, "acme", "dwr", "com.acme.*"),
                    key(other, "other", "dwr", "*"),
                    new TrustedKey(operator.jwk(), Set.of(Role.OPERATOR), List.of(new Scope("dwr")), false)),
            List.of())));

    private static TrustedKey key(SigningKey key, String issuer, String scope, String feature) {
        return new TrustedKey(
                key.jwk(),
                Set.of(Role.LICENSE),
                List.of(new Scope(scope)),
                false,
                Optional.of(new Licensor(issuer, List.of(feature))));
    }

    @Test
    void believesWhatItsIssuerSigned() throws Exception {
        License license = license("acme", "dwr/311-a1", "com.acme.rain");
        Finding<License> finding = verifier.license(Jwt.sign(acme, License.TYPE, license.write()));
        assertEquals(license, ((Finding.Believed<License>) finding).claims());
        assertEquals(acme.kid(), ((Finding.Believed<License>) finding).key().kid());
    }

    @Test
    void rejectsEachWithItsReason() throws Exception {
        License good = license("acme", "dwr/311-a1", "com.acme.rain");
        assertRejected("unknown-key", good, SigningKey.generate());
        assertRejected("wrong-role", good, operator);
        assertRejected("foreign-issuer", good, other);
        assertRejected("out-of-scope", license("acme", "xyz", "com.acme.rain"), acme);
        assertRejected("out-of-scope", license("acme", "dwrx", "com.acme.rain"), acme);
        assertRejected("not-granted", license("acme", "dwr", "com.other.rain"), acme);
        assertEquals("malformed", reason(verifier.license("x")));
        String list = Jwt.sign(acme, Revocations.TYPE, good.write());
        assertEquals("malformed", reason(verifier.license(list)), "of another type");
        assertEquals(
                "no-trust", reason(new Verifier(Optional.empty()).license(Jwt.sign(acme, License.TYPE, good.write()))));
    }

    @Test
    void rejectsClaimsThatWereTamperedWith() throws Exception {
        License good = license("acme", "dwr/311-a1", "com.acme.rain");
        String[] parts = Jwt.sign(acme, License.TYPE, good.write()).split("\\.");
        String claims = new String(Base64Url.decode(parts[1]).orElseThrow(), StandardCharsets.UTF_8);
        String more = Base64Url.encode(claims.replace("\"seq\":1", "\"seq\":2").getBytes(StandardCharsets.UTF_8));
        assertEquals("bad-signature", reason(verifier.license(parts[0] + "." + more + "." + parts[2])));
        String signature = Jwt.sign(
                        acme,
                        License.TYPE,
                        license("acme", "dwr", "com.acme.rain").write())
                .split("\\.")[2];
        assertEquals("bad-signature", reason(verifier.license(parts[0] + "." + parts[1] + "." + signature)));
    }

    @Test
    void believesAnIssuersRevocationsAndNobodyElses() throws Exception {
        Revocations list = new Revocations(
                "acme",
                NOW,
                3,
                List.of(
                        new Revoked("rain-1", Optional.of(2L), Optional.of("returned")),
                        new Revoked("rain-2", Optional.empty(), Optional.empty())));
        String token = Jwt.sign(acme, Revocations.TYPE, list.write());
        assertEquals(list, ((Finding.Believed<Revocations>) verifier.revocations(token)).claims());
        assertEquals("foreign-issuer", reason(verifier.revocations(Jwt.sign(other, Revocations.TYPE, list.write()))));
        assertEquals("wrong-role", reason(verifier.revocations(Jwt.sign(operator, Revocations.TYPE, list.write()))));
    }

    @Test
    void aRevocationCoversRenewalsUpToItsSequence() {
        Revocations list = new Revocations(
                "acme",
                NOW,
                1,
                List.of(
                        new Revoked("1", Optional.of(1L), Optional.empty()),
                        new Revoked("2", Optional.empty(), Optional.empty())));
        License first = license("acme", "dwr", "com.acme.rain");
        assertTrue(list.of(first).isPresent());
        assertFalse(list.of(first.renewed(NOW, Term.PERPETUAL)).isPresent());
        assertFalse(list.of(license("other", "dwr", "com.acme.rain")).isPresent(), "of another issuer");
    }

    private void assertRejected(String reason, License license, SigningKey key) throws IOException {
        assertEquals(reason, reason(verifier.license(Jwt.sign(key, License.TYPE, license.write()))));
    }

    private static <T> String reason(Finding<T> finding) {
        return finding instanceof Finding.Rejected<T> rejected
                ? rejected.refused().reason().word()
                : "believed";
    }

    private static License license(String issuer, String subject, String feature) {
        TreeMap<String, Limits> features = new TreeMap<>();
        features.put(feature, Limits.NONE);
        return new License(new Id(issuer, "1"), new Scope(subject), NOW, 1, features, Term.PERPETUAL, Optional.empty());
    }
}
