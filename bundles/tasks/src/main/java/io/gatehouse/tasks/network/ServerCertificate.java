package io.gatehouse.tasks.network;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.tasks.time.Instants;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The certificate that a server showed.
 *
 * @param distrust why it is not trusted
 */
record ServerCertificate(X509Certificate certificate, Optional<CertificateException> distrust) {
    boolean isTrusted() {
        return distrust.isEmpty();
    }

    /** As it is reported. */
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("subject", certificate.getSubjectX500Principal().getName());
        told.put("issuer", certificate.getIssuerX500Principal().getName());
        told.put("notBefore", Instants.text(instant(certificate.getNotBefore())));
        told.put("notAfter", Instants.text(instant(certificate.getNotAfter())));
        told.put("sha256", digest());
        told.put("trusted", isTrusted());
        distrust.ifPresent(e -> {
            told.put("problem", problem(e));
            told.put("detail", detail(e));
        });
        return told;
    }

    /** Why it is not trusted, in one of a few words. */
    private String problem(CertificateException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "expired";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "not-yet-valid";
            }
        }
        String message = String.valueOf(e.getMessage());
        if (message.startsWith("No name matching") || message.startsWith("No subject alternative")) {
            return "other-host";
        }
        boolean isOwnIssuer = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
        return isOwnIssuer ? "self-signed" : "unknown-authority";
    }

    private static String detail(Throwable e) {
        Throwable last = e;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return String.valueOf(last.getMessage());
    }

    @SuppressWarnings("JavaUtilDate") // as certificates give it
    private static Instant instant(Date date) {
        return date.toInstant();
    }

    private String digest() {
        try {
            return Sha256.of(certificate.getEncoded()).hex();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that came encoded cannot be encoded", e);
        }
    }
}
