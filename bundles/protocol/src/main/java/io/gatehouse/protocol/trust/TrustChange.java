package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.Admission.Reason;
import io.gatehouse.protocol.trust.Admission.Refused;
import java.util.List;
import java.util.Optional;

/** The rules for a trust document, beside those for every signed message. */
final class TrustChange {
    private final Trust trust;
    private final SignedMessage message;
    private final Rules rules;

    TrustChange(Trust trust, SignedMessage message, Rules rules) {
        this.trust = trust;
        this.message = message;
        this.rules = rules;
    }

    /** A signature that passed, by a key that may sign. */
    private record Signed(ProtectedHeader header, TrustedKey key) {}

    /** Whether the document takes the present one's place. It is not read before somebody who may sign it did. */
    Admission admit(List<Claim> claims) {
        try {
            Members spec = spec(message.payload());
            Optional<Signed> signed = claims.stream()
                    .flatMap(claim -> keyToday(claim, spec).stream()
                            .filter(key -> rules.refusal(claim, key).isEmpty())
                            .map(key -> new Signed(claim.header(), key)))
                    .findFirst();
            if (signed.isEmpty()) {
                return whyNobodySigned(claims, spec);
            }
            TrustDocument document = TrustDocument.read(spec);
            if (trust.document().filter(document::equals).isPresent()) {
                return Admission.Same.SAME;
            }
            Optional<Refused> refusal = rolledBack(document)
                    .or(() -> unconfirmedRoot(document, claims))
                    .or(() -> shutsOut(document));
            return refusal.isPresent() ? refusal.get() : accepted(signed.get(), document);
        } catch (BadArgument e) {
            return new Refused(Reason.BAD_TRUST, "trust document: " + e.getMessage());
        }
    }

    private Admission accepted(Signed signed, TrustDocument document) {
        return new Admission.Accepted(
                signed.key(),
                signed.header(),
                LastAccepted.of(signed.header(), message.payload()),
                Optional.of(document));
    }

    private static Members spec(byte[] payload) {
        Members envelope = Json.readStrict(payload);
        if (envelope.bool("removed", false)) {
            throw new BadArgument("it cannot be removed; publish one of a higher version");
        }
        return envelope.object("spec");
    }

    /** The key that signs today: of the present document or, before the first, the pinned root as the first one has it. */
    private Optional<TrustedKey> keyToday(Claim claim, Members spec) {
        String kid = claim.header().kid();
        if (trust.document().isPresent()) {
            return trust.document().get().key(kid);
        }
        return kid.equals(trust.root())
                ? spec.objects("keys").stream()
                        .filter(key ->
                                key.optionalString("kid").filter(kid::equals).isPresent())
                        .findFirst()
                        .map(TrustedKey::read)
                : Optional.empty();
    }

    private Refused whyNobodySigned(List<Claim> claims, Members spec) {
        return claims.stream()
                .flatMap(claim -> keyToday(claim, spec).flatMap(key -> rules.refusal(claim, key)).stream())
                .findFirst()
                .orElseGet(() -> trust.unknownKey(claims.get(0)));
    }

    private Optional<Refused> rolledBack(TrustDocument document) {
        return trust.document()
                .filter(current -> document.version() <= current.version())
                .map(current -> new Refused(
                        Reason.ROLLED_BACK,
                        "trust document: version " + document.version() + " does not rise above " + current.version()
                                + ", which is here"));
    }

    /** A root that is new must have signed too: it shows that somebody has its key, and wants this. */
    private Optional<Refused> unconfirmedRoot(TrustDocument document, List<Claim> claims) {
        if (trust.document().isEmpty()) {
            return Optional.empty(); // what the pinned root says is the beginning
        }
        List<TrustedKey> before = trust.document().get().livingRoots();
        return document.livingRoots().stream()
                .filter(root -> before.stream().noneMatch(old -> old.kid().equals(root.kid())))
                .flatMap(root -> unconfirmed(root, claims).stream())
                .findFirst();
    }

    private Optional<Refused> unconfirmed(TrustedKey root, List<Claim> claims) {
        Optional<Claim> own = claims.stream()
                .filter(claim -> claim.header().kid().equals(root.kid()))
                .findFirst();
        Optional<Refused> refusal = own.isPresent()
                ? rules.refusal(own.get(), root)
                : Optional.of(new Refused(Reason.UNCONFIRMED_ROOT, "no jws"));
        return refusal.map(why -> new Refused(
                Reason.UNCONFIRMED_ROOT,
                "trust document: the new root " + root.kid() + " must sign it too: " + why.detail()));
    }

    /** Without a root that may publish here, this device could never be told of another document. */
    private Optional<Refused> shutsOut(TrustDocument document) {
        String scope = message.topic().scope();
        return document.livingRoots().stream().anyMatch(root -> root.covers(scope))
                ? Optional.empty()
                : Optional.of(new Refused(
                        Reason.BAD_TRUST,
                        "trust document: none of its roots may sign for \"" + scope
                                + "\", where it came: there could never be another"));
    }
}
