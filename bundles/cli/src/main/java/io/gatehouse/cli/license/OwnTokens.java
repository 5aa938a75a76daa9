package io.gatehouse.cli.license;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.protocol.license.Finding;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.Jwk;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which tokens are an issuer's own: those that its key signed. What lies in a file or at a broker somebody else may have put there, and claims say
 * what their maker liked, so an issuer signs anew nothing but these.
 *
 * @param key the issuer's, by which it signs
 * @param others the issuer's other keys, where a trust document tells of them
 */
public record OwnTokens(Jwk key, Optional<Others> others) {
    /**
     * Who else signs for the issuer.
     *
     * @param file where that stands, for words
     * @param issuer whose key it is, as the document has it
     */
    private record Others(Path file, TrustDocument document, String issuer) {}

    /** Those of this key alone. */
    public static OwnTokens of(Jwk key) {
        return new OwnTokens(key, Optional.empty());
    }

    /**
     * Also those of the keys that a trust document gives to the same issuer.
     *
     * @throws Trouble if it is none, or does not name this key
     */
    public static OwnTokens of(Jwk key, Path trust) throws Trouble {
        TrustDocument document = TrustFile.read(trust);
        String issuer = document.key(key.thumbprint())
                .flatMap(TrustedKey::licensor)
                .map(Licensor::issuer)
                .orElseThrow(() -> new Trouble(
                        Trouble.Kind.USAGE,
                        trust + " has no key " + key.thumbprint()
                                + " with the role license, and devices will believe nothing that it signs: gatehouse"
                                + " trust add puts it there"));
        return new OwnTokens(key, Optional.of(new Others(trust, document, issuer)));
    }

    /** The issuer's name, where a trust document tells it. */
    Optional<String> issuer() {
        return others.map(Others::issuer);
    }

    /** Why a license is not the issuer's own, with what helps; nothing where it is. */
    public Optional<String> foreign(Token<License> token) {
        return foreign(token, token.claims().id().issuer(), verifier -> verifier.license(token.text()));
    }

    /** As {@link #foreign}, of a revocation list. */
    public Optional<String> foreignList(Token<Revocations> token) {
        return foreign(token, token.claims().issuer(), verifier -> verifier.revocations(token.text()));
    }

    private Optional<String> foreign(Token<?> token, String name, Function<Verifier, Finding<?>> look) {
        Jwt jwt = token.jwt();
        if (jwt.isSignedBy(key)) {
            return Optional.empty();
        }
        if (jwt.kid().equals(key.thumbprint())) {
            return Optional.of("it was changed since it was signed, or somebody else made it: the key " + jwt.kid()
                    + " did not sign this");
        }
        if (others.isEmpty()) {
            return Optional.of(
                    "it names the key " + jwt.kid() + ", and not the one that is to sign, " + key.thumbprint()
                            + ": where both are one issuer's, give --trust FILE, a trust document with both");
        }
        Others known = others.get();
        if (look.apply(new Verifier(Optional.of(known.document()))) instanceof Finding.Rejected<?> rejected) {
            Refused why = rejected.refused();
            return Optional.of("it is not believed by " + known.file() + ", "
                    + why.reason().word() + ": " + why.detail());
        }
        return known.issuer().equals(name)
                ? Optional.empty()
                : Optional.of("it is of " + name + ", and the key that is to sign is of " + known.issuer());
    }
}
