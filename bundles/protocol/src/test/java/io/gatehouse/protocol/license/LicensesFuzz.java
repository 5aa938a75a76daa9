package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Licenses and revocation lists: answered by a value, whatever they are; believed where they are signed, and then what their key may say. */
public final class LicensesFuzz {
    private static final SigningKey ACME = SigningKey.generate();
    private static final Verifier VERIFIER = new Verifier(Optional.of(new TrustDocument(
            1,
            List.of(new TrustedKey(
                    ACME.jwk(),
                    Set.of(Role.LICENSE),
                    List.of(new Scope("dwr")),
                    false,
                    Optional.of(new Licensor("acme", List.of("com.acme.*"))))),
            List.of())));
    private static final String UNSIGNED = Base64Url.encode(new byte[64]);

    private LicensesFuzz() {}

    /** The bytes as a token; as the claims of one by the issuer, and of one that nobody signed; and as the header of one that is signed. */
    public static void fuzzerTestOneInput(byte[] data) {
        look(new String(data, StandardCharsets.ISO_8859_1));
        for (Jwt.Type type : List.of(License.TYPE, Revocations.TYPE)) {
            String header = Base64Url.encode(Json.write(Map.of("alg", "EdDSA", "kid", ACME.kid(), "typ", type.word())));
            String claims = header + "." + Base64Url.encode(data);
            if (look(claims + "." + UNSIGNED)) {
                throw new AssertionError("believed, and nobody signed it: " + claims);
            }
            look(signed(Base64Url.encode(data) + "." + Base64Url.encode("{}".getBytes(StandardCharsets.US_ASCII))));
            if (isObject(data)) { // to sign costs a thousandth of a second, and what is no object is refused before
                look(signed(claims));
                isWhatItWas(data, type);
            }
        }
    }

    /** Whether it is believed, as one or the other. */
    private static boolean look(String token) {
        Finding<License> license = VERIFIER.license(token);
        if (license instanceof Finding.Believed<License> believed) {
            License claims = believed.claims();
            if (!claims.id().issuer().equals("acme")
                    || !new Scope("dwr").contains(claims.subject().path())
                    || !claims.features().keySet().stream().allMatch(feature -> feature.startsWith("com.acme."))) {
                throw new AssertionError("believed beyond what its key may grant: " + claims);
            }
        }
        Finding<Revocations> list = VERIFIER.revocations(token);
        if (list instanceof Finding.Believed<Revocations> believed
                && !believed.claims().issuer().equals("acme")) {
            throw new AssertionError("believed of another issuer: " + believed.claims());
        }
        return license instanceof Finding.Believed || list instanceof Finding.Believed;
    }

    private static String signed(String headerAndClaims) {
        return headerAndClaims + "." + Base64Url.encode(ACME.sign(headerAndClaims.getBytes(StandardCharsets.US_ASCII)));
    }

    private static boolean isObject(byte[] data) {
        try {
            return !Json.readStrict(data).values().isEmpty();
        } catch (BadArgument e) {
            return false;
        }
    }

    private static void isWhatItWas(byte[] data, Jwt.Type type) {
        try {
            Members claims = Json.readStrict(data);
            if (type.equals(License.TYPE)) {
                License license = License.read(claims);
                assertSame(license, License.read(Json.readStrict(Json.write(license.write()))));
            } else {
                Revocations list = Revocations.read(claims);
                assertSame(list, Revocations.read(Json.readStrict(Json.write(list.write()))));
            }
        } catch (BadArgument e) {
            String ignored = e.getMessage();
        }
    }

    private static void assertSame(Object one, Object other) {
        if (!one.equals(other)) {
            throw new AssertionError(one + " changes when it is written and read");
        }
    }
}
