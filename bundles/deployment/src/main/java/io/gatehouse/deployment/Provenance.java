package io.gatehouse.deployment;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.Vendor;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who answers for a bundle: the vendor who signed its JAR file, or whoever signed the feature with a key that vouches. Asked once,
 * before anything of it is loaded; what was accepted is known by its SHA-256 from then on.
 *
 * <p>A signer's certificate must have been valid when the feature was signed: a time that the fleet signed, and not the
 * device's clock. So a bundle that runs is never refused because time has passed, and one that is signed with an expired certificate is
 * refused on every device alike. Time stamps in JAR files are not asked, and there is no revocation but a newer trust document.
 */
final class Provenance {
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final String OR_VOUCH = "; or sign the feature with a key that has the role vouch";

    private final Supplier<Optional<TrustDocument>> trust;

    /** Asks this trust document, which another may follow. */
    Provenance(Supplier<Optional<TrustDocument>> trust) {
        this.trust = trust;
    }

    /**
     * The vendor who answers for a bundle; nothing where the feature's signer does.
     *
     * @param signature of the feature that brings it
     * @throws Refused where nobody answers for it
     */
    Optional<Vendor> of(String id, Jar jar, Optional<Desired.Signature> signature) throws Refused {
        TrustDocument document = trust.get()
                .orElseThrow(() -> new Refused("no-trust", "this device has no trust document to ask about " + id));
        Desired.Signature by = signature.orElseThrow(
                () -> new Refused("unsigned", "nobody is known to have signed the feature that brings " + id));
        JarSignature signed = JarSignature.read(id, jar.file());
        Optional<Refused> tooLate = Optional.empty();
        for (Vendor vendor : document.vendors()) {
            if (Grants.isNamedBy(vendor, jar.symbolicName())) {
                if (signed.chains().stream().anyMatch(chain -> leadsTo(vendor.authority(), chain, by.at()))) {
                    refuseForeignFragment(id, jar, vendor);
                    return Optional.of(vendor);
                }
                tooLate = tooLate.or(() -> notValid(id, vendor, signed, by.at()));
            }
        }
        boolean isVouchedFor = document.key(by.kid())
                .filter(key -> key.roles().contains(Role.VOUCH))
                .isPresent();
        if (isVouchedFor) {
            return Optional.empty();
        }
        throw tooLate.orElseGet(() -> refusal(id, jar, signed, document));
    }

    /** Where the vendor did sign it, by a certificate that was good at another time. */
    private static Optional<Refused> notValid(String id, Vendor vendor, JarSignature signed, Instant at) {
        return signed.chains().stream()
                .filter(chain -> leadsTo(
                        vendor.authority(), chain, chain.get(0).getNotBefore().toInstant()))
                .map(chain -> chain.get(0))
                .map(own -> new Refused(
                        "certificate-not-valid",
                        id + " is signed by " + own.getSubjectX500Principal().getName()
                                + ", whose certificate is good from "
                                + own.getNotBefore().toInstant() + " to "
                                + own.getNotAfter().toInstant() + ", and the feature was signed at " + at
                                + "; have the vendor sign it with a new one" + OR_VOUCH))
                .findFirst();
    }

    private static boolean leadsTo(X509Certificate authority, List<X509Certificate> chain, Instant at) {
        try {
            X509Certificate own = chain.get(0);
            List<String> uses = own.getExtendedKeyUsage();
            if (uses != null && !uses.contains(CODE_SIGNING) && !uses.contains(ANY_USE)) {
                return false;
            }
            if (own.equals(authority)) {
                own.checkValidity(Date.from(at));
                return true;
            }
            List<X509Certificate> below = new ArrayList<>(chain);
            below.remove(authority);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
            parameters.setRevocationEnabled(false); // who is trusted no more is told by the next trust document
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(below), parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false; // not valid then, or it does not lead there
        }
    }

    private static void refuseForeignFragment(String id, Jar jar, Vendor vendor) throws Refused {
        Optional<String> foreign = jar.host().filter(host -> !Grants.isNamedBy(vendor, host));
        if (foreign.isPresent()) {
            throw new Refused(
                    "foreign-fragment",
                    id + " is a fragment of " + foreign.get() + ", which is not among the vendor " + vendor.name()
                            + "'s " + vendor.names());
        }
    }

    private static Refused refusal(String id, Jar jar, JarSignature signed, TrustDocument document) {
        if (signed.chains().isEmpty()) {
            String which = signed.unsigned().isEmpty() ? "" : " (" + signed.unsigned() + ")";
            return new Refused(
                    "unsigned-jar",
                    id + " has entries that nobody signed" + which + ": sign it with jarsigner" + OR_VOUCH);
        }
        List<String> allowed = document.vendors().stream()
                .filter(vendor -> Grants.isNamedBy(vendor, jar.symbolicName()))
                .map(Vendor::name)
                .toList();
        return new Refused(
                "unknown-vendor",
                id + " is signed by " + signed.names() + "; " + jar.symbolicName() + " may be published by "
                        + (allowed.isEmpty() ? "no vendor" : String.join(", ", allowed))
                        + " of version " + document.version() + " of the trust document" + OR_VOUCH);
    }
}
