package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.trust.ClockFloor;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate of this device, and those that lead from it to the fleet's authority.
 *
 * @param certificates the device's first, the authority's last
 */
record IssuedChain(List<X509Certificate> certificates) {
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final int LONGEST = 5;

    IssuedChain {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads a chain. Nothing in it is believed yet.
     *
     * @throws CertificateException if it is none
     */
    static IssuedChain read(String pem) throws CertificateException {
        List<byte[]> blocks;
        try {
            blocks = Pem.read(Pem.CERTIFICATE, pem);
        } catch (IllegalArgumentException e) {
            throw new CertificateException("the chain is not PEM", e);
        }
        if (blocks.size() < 2 || blocks.size() > LONGEST) {
            throw new CertificateException("a chain has the device's certificate, and those up to the authority's, "
                    + LONGEST + " at most; here are " + blocks.size());
        }
        List<X509Certificate> certificates = new ArrayList<>();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (byte[] der : blocks) {
            if (!(factory.generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate certificate)) {
                throw new CertificateException("the chain has something that is no X.509 certificate");
            }
            certificates.add(certificate);
        }
        return new IssuedChain(certificates);
    }

    String write() {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            pem.append(Pem.write(Pem.CERTIFICATE, encoded(certificate)));
        }
        return pem.toString();
    }

    X509Certificate own() {
        return certificates.get(0);
    }

    X509Certificate authority() {
        return certificates.get(certificates.size() - 1);
    }

    Instant from() {
        return own().getNotBefore().toInstant();
    }

    Instant until() {
        return own().getNotAfter().toInstant();
    }

    /** A time that is certainly over, as who signed this began to be valid then, and signed it later. */
    Instant certainlyOver() {
        return latestBeginning(certificates, Instant.EPOCH);
    }

    /**
     * Checks that this is a certificate of the fleet's authority for that name and that key, to show to brokers.
     *
     * @throws CertificateException with what is wrong
     */
    void check(PublicKey key, DeviceName device, Sha256 ca, ClockFloor.Time time) throws CertificateException {
        if (!Sha256.of(encoded(authority())).equals(ca)) {
            throw new CertificateException("the chain ends at \""
                    + authority().getSubjectX500Principal().getName() + "\", which is not the fleet's authority");
        }
        if (!Arrays.equals(own().getPublicKey().getEncoded(), key.getEncoded())) {
            throw new CertificateException("the certificate is for another key than this device's");
        }
        String name = own().getSubjectX500Principal().getName(X500Principal.RFC2253);
        if (!name.equals("CN=" + device)) {
            throw new CertificateException("the certificate is for \"" + name + "\", and this is " + device);
        }
        List<String> uses = own().getExtendedKeyUsage();
        if (uses != null && !uses.contains(CLIENT)) {
            throw new CertificateException("the certificate is not for clients of a broker: " + uses);
        }
        validate(certificates.subList(0, certificates.size() - 1), time);
    }

    private void validate(List<X509Certificate> path, ClockFloor.Time time) throws CertificateException {
        try {
            CertPath whole = CertificateFactory.getInstance("X.509").generateCertPath(path);
            CertPathValidator.getInstance("PKIX").validate(whole, parameters(authority(), certificates, time));
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the certificate does not hold: " + e.getMessage(), e);
        }
    }

    private static PKIXParameters parameters(
            X509Certificate authority, List<X509Certificate> chain, ClockFloor.Time time)
            throws InvalidAlgorithmParameterException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(dateFor(chain, time));
        return parameters;
    }

    /**
     * The date for which a chain is checked: now; and where the clock cannot be right, the earliest at which all of it can
     * hold, for then nobody can say more than that it has not certainly ended.
     */
    static Date dateFor(List<X509Certificate> chain, ClockFloor.Time time) {
        return Date.from(time.isKnown() ? time.now() : latestBeginning(chain, time.now()));
    }

    private static Instant latestBeginning(List<X509Certificate> chain, Instant atLeast) {
        Instant latest = atLeast;
        for (X509Certificate certificate : chain) {
            Instant beginning = certificate.getNotBefore().toInstant();
            latest = beginning.isAfter(latest) ? beginning : latest;
        }
        return latest;
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read has its bytes", e);
        }
    }
}
