package io.gatehouse.protocol.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Ed25519 (RFC 8032), by the JDK's means, with keys as 32 bytes. */
final class Ed25519 {
    static final String NAME = "Ed25519";
    static final int KEY_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;

    /** What goes before a key's 32 bytes to make it an X.509 SubjectPublicKeyInfo (RFC 8410). */
    private static final String X509_PREFIX = "302a300506032b6570032100";

    /**
     * The y of the eight points whose order divides 8, big endian. Under such a key anybody can sign, and the JDK takes it: a
     * key of 32 zero bytes is one.
     */
    private static final List<BigInteger> LOW_ORDER = List.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            new BigInteger("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec", 16),
            new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
            new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));

    private Ed25519() {}

    /** The key of these 32 bytes; nothing where they are none, or one under which anybody can sign. */
    static Optional<PublicKey> publicKey(byte[] x) {
        if (x.length != KEY_BYTES || LOW_ORDER.contains(y(x))) {
            return Optional.empty();
        }
        try {
            byte[] encoded =
                    HexFormat.of().parseHex(X509_PREFIX + HexFormat.of().formatHex(x));
            PublicKey key = KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
            algorithm().initVerify(key); // only here it is found whether this is a point of the curve
            return Optional.of(key);
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** The 32 bytes of a public key. */
    static byte[] bytes(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    }

    static boolean isKey(PublicKey key) {
        return key instanceof EdECPublicKey edwards
                && edwards.getParams().getName().equals(NAME);
    }

    static boolean isKey(PrivateKey key) {
        return key instanceof EdECPrivateKey edwards
                && edwards.getParams().getName().equals(NAME)
                && edwards.getBytes().isPresent();
    }

    static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(NAME).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw missing(e);
        }
    }

    /**
     * The public key that belongs to a private one. The JDK computes it for new keys alone, so it is made to draw this very
     * key.
     */
    static PublicKey publicKeyOf(PrivateKey key) {
        byte[] drawn = ((EdECPrivateKey) key).getBytes().orElseThrow();
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
            generator.initialize(NamedParameterSpec.ED25519, new Drawn(drawn));
            KeyPair pair = generator.generateKeyPair();
            byte[] message = new byte[1];
            if (!verify(pair.getPublic(), message, sign(key, message))) {
                throw new IllegalStateException(
                        "this Java does not draw an Ed25519 key as it comes from its random source");
            }
            return pair.getPublic();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static byte[] sign(PrivateKey key, byte[]... parts) throws InvalidKeyException {
        Signature algorithm = algorithm();
        algorithm.initSign(key);
        try {
            for (byte[] part : parts) {
                algorithm.update(part);
            }
            return algorithm.sign();
        } catch (SignatureException e) {
            throw new InvalidKeyException("this key does not sign", e);
        }
    }

    static boolean verify(PublicKey key, byte[] message, byte[] signature) {
        return verify(key, List.of(message), signature);
    }

    /** Whether these parts, one behind the other, are signed so; whatever the signature's bytes. */
    static boolean verify(PublicKey key, List<byte[]> parts, byte[] signature) {
        Signature algorithm = algorithm();
        try {
            algorithm.initVerify(key);
            for (byte[] part : parts) {
                algorithm.update(part);
            }
            return algorithm.verify(signature);
        } catch (InvalidKeyException | SignatureException e) {
            return false; // how the JDK refuses what is not canonical
        }
    }

    private static BigInteger y(byte[] x) {
        byte[] bigEndian = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            bigEndian[i] = x[KEY_BYTES - 1 - i];
        }
        bigEndian[0] &= 0x7F; // the highest bit is the sign of x
        return new BigInteger(1, bigEndian);
    }

    private static Signature algorithm() {
        try {
            return Signature.getInstance(NAME);
        } catch (NoSuchAlgorithmException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java has no Ed25519; its module jdk.crypto.ec is needed", e);
    }

    /** Says what was drawn before. */
    private static final class Drawn extends SecureRandom {
        private final byte[] drawn;

        Drawn(byte[] drawn) {
            this.drawn = drawn;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(drawn, 0, bytes, 0, bytes.length);
        }
    }
}
