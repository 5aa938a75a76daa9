package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.util.Optional;
import java.util.function.Function;

/**
 * Believes what a key signed that may. Whatever is given to it, the answer is a value. What a device is, and what it accepted before, it does not
 * know.
 *
 * @param trust whom to believe; nobody, where there is none
 */
public record Verifier(Optional<TrustDocument> trust) {
    /** A license as it came, in a compact JWS. */
    public Finding<License> license(String token) {
        return check(token, License.TYPE, License::read, Verifier::refusal);
    }

    /** A revocation list as it came, in a compact JWS. */
    public Finding<Revocations> revocations(String token) {
        return check(token, Revocations.TYPE, Revocations::read, (list, key) -> foreign(list.issuer(), key));
    }

    /** What a key may not say. */
    @FunctionalInterface
    private interface Rule<T> {
        Optional<Refused> refusal(T claims, TrustedKey key);
    }

    private <T> Finding<T> check(String token, Jwt.Type type, Function<Members, T> reader, Rule<T> rule) {
        Jwt jwt;
        T claims;
        try {
            jwt = Jwt.read(token, type);
            claims = reader.apply(jwt.claims());
        } catch (BadArgument e) {
            return new Finding.Rejected<>(new Refused(Reason.MALFORMED, String.valueOf(e.getMessage())));
        }
        if (trust.isEmpty()) {
            return rejected(Reason.NO_TRUST, "there is no trust document yet, so no key is believed");
        }
        Optional<TrustedKey> key = trust.get().key(jwt.kid());
        if (key.isEmpty()) {
            return rejected(
                    Reason.UNKNOWN_KEY,
                    "version " + trust.get().version() + " of the trust document has no key " + jwt.kid());
        }
        return unlicensed(key.get())
                .or(() -> rule.refusal(claims, key.get()))
                .or(() -> unsigned(jwt, key.get()))
                .<Finding<T>>map(Finding.Rejected::new)
                .orElseGet(() -> new Finding.Believed<>(claims, key.get()));
    }

    private static Optional<Refused> refusal(License license, TrustedKey key) {
        return foreign(license.id().issuer(), key)
                .or(() -> outOfScope(license, key))
                .or(() -> notGranted(license, key));
    }

    private static Optional<Refused> unlicensed(TrustedKey key) {
        return refuseIf(
                key.licensor().isEmpty(),
                Reason.WRONG_ROLE,
                "the key " + key.kid() + " has not the role " + Role.LICENSE.word());
    }

    private static Optional<Refused> foreign(String issuer, TrustedKey key) {
        return key.licensor()
                .filter(own -> !own.issuer().equals(issuer))
                .map(own -> new Refused(
                        Reason.FOREIGN_ISSUER,
                        "iss is \"" + issuer + "\", and its key " + key.kid() + " is of \"" + own.issuer() + "\""));
    }

    private static Optional<Refused> outOfScope(License license, TrustedKey key) {
        return refuseIf(
                !key.covers(license.subject().path()),
                Reason.OUT_OF_SCOPE,
                "sub is \"" + license.subject() + "\", and its key " + key.kid() + " licenses " + key.scopes());
    }

    private static Optional<Refused> notGranted(License license, TrustedKey key) {
        return key.licensor().flatMap(own -> license.features().keySet().stream()
                .filter(feature -> !own.mayGrant(feature))
                .findFirst()
                .map(feature -> new Refused(
                        Reason.NOT_GRANTED,
                        "it grants \"" + feature + "\", and \"" + own.issuer() + "\" may grant " + own.features())));
    }

    private static Optional<Refused> unsigned(Jwt jwt, TrustedKey key) {
        return refuseIf(
                !jwt.isSignedBy(key.jwk()),
                Reason.BAD_SIGNATURE,
                "the key " + key.kid() + " did not sign it: it was changed on the way, or somebody else made it");
    }

    private static Optional<Refused> refuseIf(boolean refused, Reason reason, String detail) {
        return refused ? Optional.of(new Refused(reason, detail)) : Optional.empty();
    }

    private static <T> Finding<T> rejected(Reason reason, String detail) {
        return new Finding.Rejected<>(new Refused(reason, detail));
    }
}
