package io.gatehouse.protocol.reach;

import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Pem;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * The certificates that a device shows: its own first.
 *
 * @param certificates at least one
 */
record AttestedChain(List<X509Certificate> certificates) {
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final int LONGEST = 5;

    /**
     * Reads a chain. Nothing in it is believed yet.
     *
     * @throws CertificateException if it is none
     */
    static AttestedChain read(String pem) throws CertificateException {
        List<byte[]> blocks;
        try {
            blocks = Pem.read(Pem.CERTIFICATE, pem);
        } catch (IllegalArgumentException e) {
            throw new CertificateException("the attestation's certificate is not PEM", e);
        }
        if (blocks.isEmpty() || blocks.size() > LONGEST) {
            throw new CertificateException(
                    "an attestation shows the device's certificate, and those up to the authority's, " + LONGEST
                            + " at most; here are " + blocks.size());
        }
        List<X509Certificate> certificates = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (byte[] der : blocks) {
            certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
        }
        return new AttestedChain(List.copyOf(certificates));
    }

    /** The chain in PEM. */
    String write() {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                pem.append(Pem.write(Pem.CERTIFICATE, certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("a certificate that was read has its bytes", e);
            }
        }
        return pem.toString();
    }

    /**
     * The device's own certificate, if one of these authorities vouches for it under that name.
     *
     * @throws CertificateException with what is wrong
     */
    X509Certificate check(DeviceName device, Collection<X509Certificate> authorities, Instant now)
            throws CertificateException {
        X509Certificate own = certificates.get(0);
        String name = own.getSubjectX500Principal().getName(X500Principal.RFC2253);
        if (!name.equals("CN=" + device)) {
            throw new CertificateException("the attestation is from \"" + name + "\", and not from " + device);
        }
        List<String> uses = own.getExtendedKeyUsage();
        if (uses != null && !uses.contains(CLIENT)) {
            throw new CertificateException("the attestation's certificate is not a device's, but for " + uses);
        }
        if (authorities.isEmpty()) {
            throw new CertificateException("there is no authority that could vouch for " + device);
        }
        validate(authorities, Date.from(now));
        return own;
    }

    private void validate(Collection<X509Certificate> authorities, Date now) throws CertificateException {
        Set<TrustAnchor> anchors = new HashSet<>();
        authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
        List<X509Certificate> path = new ArrayList<>(certificates.subList(1, certificates.size()));
        path.removeAll(authorities);
        path.add(0, certificates.get(0));
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(now);
            PKIXCertPathValidatorResult result = (PKIXCertPathValidatorResult) CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            result.getTrustAnchor().getTrustedCert().checkValidity(now); // PKIX takes an anchor whatever its age
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the attestation's certificate does not hold: " + e.getMessage(), e);
        }
    }
}
