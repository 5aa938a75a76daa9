package io.gatehouse.api.device;

import java.security.cert.X509Certificate;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Signs what this device says, so that who reads it need not believe the broker in between. Registered as a service while the device has a
 * certificate of its fleet's authority.
 */
@ProviderType
public interface Attester {
    /**
     * Signs a statement with the device's own key, by ECDSA with SHA-256 (ASN.1 form). What is signed is the UTF-8 bytes of
     * {@code "gatehouse " + purpose}, one zero byte, and the statement; so a statement for one purpose is none for another.
     *
     * @param purpose lower-case words with hyphens, for example {@code terminal}
     */
    Attestation attest(String purpose, byte[] statement);

    /**
     * A signature, and by whom.
     *
     * @param chain the device's certificate first, its authority's last
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Attestation(List<X509Certificate> chain, byte[] signature) {}
}
