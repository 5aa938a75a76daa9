package io.gatehouse.cli.ca;

import io.gatehouse.api.command.BadArgument;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * What somebody who has the key asks a certificate for.
 *
 * @param commonName of the subject, where that is all of it
 */
record SigningRequest(Optional<String> commonName, SubjectPublicKeyInfo publicKey) {
    /** The kinds of keys, and what Java calls each. */
    private static final Map<AlgorithmIdentifier, String> KEYS = Map.of(
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1), "EC",
            new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), "Ed25519");

    /**
     * Reads a request in DER.
     *
     * @throws BadArgument if it is none, its key is of another kind than ours, or it was not made by who has the key
     */
    static SigningRequest read(byte[] der) {
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            SubjectPublicKeyInfo key = request.getSubjectPublicKeyInfo();
            String name = KEYS.get(key.getAlgorithm());
            if (name == null) {
                throw new BadArgument("the request's key is neither on P-256 nor of Ed25519");
            }
            PublicKey javas = KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(key.getEncoded()));
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(javas))) {
                throw new BadArgument("whoever made the request does not have the key");
            }
            return new SigningRequest(commonName(request.getSubject().getRDNs()), key);
        } catch (BadArgument e) {
            throw e;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            // what anybody sends, read by somebody else's code
            throw new BadArgument("the request cannot be read: " + e.getMessage());
        }
    }

    private static Optional<String> commonName(RDN[] names) {
        return names.length == 1
                        && !names[0].isMultiValued()
                        && names[0].getFirst().getType().equals(BCStyle.CN)
                ? Optional.of(IETFUtils.valueToString(names[0].getFirst().getValue()))
                : Optional.empty();
    }

    /** What the public key is called in the register. */
    String key() {
        try {
            return ClaimDesk.nameOf(publicKey.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a key that was read has its bytes", e);
        }
    }
}
