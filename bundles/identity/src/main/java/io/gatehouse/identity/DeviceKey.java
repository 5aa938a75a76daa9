package io.gatehouse.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** The device's own key, on the curve P-256. It was made here and goes nowhere. */
final class DeviceKey {
    static final String ALGORITHM = "EC";
    private static final String SIGNATURE = "SHA256withECDSA";

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    /**
     * One that there is.
     *
     * @throws GeneralSecurityException if the two are no pair
     */
    DeviceKey(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        Signature check = Signature.getInstance(SIGNATURE);
        check.initVerify(publicKey);
        check.update(probe);
        if (!check.verify(signature(probe))) {
            throw new GeneralSecurityException("the private and the public key are no pair");
        }
    }

    static DeviceKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
            KeyPair pair = generator.generateKeyPair();
            return new DeviceKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make a key on P-256: is jdk.crypto.ec in it?", e);
        }
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    PublicKey publicKey() {
        return publicKey;
    }

    /** A request to sign a certificate for this key: PKCS#10 (RFC 2986), in DER. */
    byte[] signingRequest(String commonName) {
        byte[] name = Der.sequence(Der.set(Der.sequence(Der.identifier(2, 5, 4, 3), Der.text(commonName))));
        byte[] said = Der.sequence(Der.zero(), name, publicKey.getEncoded(), Der.noAttributes());
        byte[] ecdsaWithSha256 = Der.identifier(1, 2, 840, 10045, 4, 3, 2);
        return Der.sequence(said, Der.sequence(ecdsaWithSha256), Der.bits(sign(said)));
    }

    /** Signs by ECDSA with SHA-256, in ASN.1 form. */
    byte[] sign(byte[] bytes) {
        try {
            return signature(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with the device's own key", e);
        }
    }

    private byte[] signature(byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(SIGNATURE);
        signature.initSign(privateKey);
        signature.update(bytes);
        return signature.sign();
    }

    /** Without the private key. */
    @Override
    public String toString() {
        return "DeviceKey";
    }
}
