package io.gatehouse.protocol.stream;

import io.gatehouse.protocol.Base64Url;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/** X25519 (RFC 7748), by the JDK's means, with public keys as 32 bytes: the u coordinate, little endian. */
final class X25519 {
    static final int KEY_BYTES = 32;
    private static final String NAME = "X25519";

    private X25519() {}

    static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(NAME).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw missing(e);
        }
    }

    /** The 32 bytes of a public key. */
    static byte[] bytes(PublicKey key) {
        byte[] bigEndian = ((XECPublicKey) key).getU().toByteArray();
        byte[] bytes = new byte[KEY_BYTES];
        for (int i = 0; i < Math.min(KEY_BYTES, bigEndian.length); i++) {
            bytes[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return bytes;
    }

    /**
     * The 32 bytes of a key as it travels.
     *
     * @throws InvalidKeyException if it is none
     */
    static byte[] read(String text) throws InvalidKeyException {
        return Base64Url.decode(text)
                .filter(bytes -> bytes.length == KEY_BYTES)
                .orElseThrow(() -> new InvalidKeyException(
                        "an X25519 public key is " + KEY_BYTES + " bytes in base64url without padding"));
    }

    /**
     * What both have agreed on.
     *
     * @throws InvalidKeyException if the other's key is a point of low order: then everybody knows it
     */
    static byte[] agree(PrivateKey own, byte[] others) throws InvalidKeyException {
        byte[] secret;
        try {
            KeyAgreement agreement = KeyAgreement.getInstance(NAME);
            agreement.init(own);
            agreement.doPhase(publicKey(others), true);
            secret = agreement.generateSecret();
        } catch (InvalidKeyException e) {
            throw new InvalidKeyException("this X25519 public key agrees on nothing secret", e);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
        if (Arrays.equals(secret, new byte[secret.length])) { // the JDK's own provider refuses it, another may not
            throw new InvalidKeyException("this X25519 public key agrees on nothing secret");
        }
        return secret;
    }

    private static PublicKey publicKey(byte[] bytes) throws GeneralSecurityException {
        byte[] bigEndian = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            bigEndian[i] = bytes[KEY_BYTES - 1 - i];
        }
        bigEndian[0] &= 0x7F; // RFC 7748, section 5: the highest bit says nothing
        return KeyFactory.getInstance(NAME)
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java has no X25519; its module jdk.crypto.ec is needed", e);
    }
}
