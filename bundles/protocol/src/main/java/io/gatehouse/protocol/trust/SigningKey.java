package io.gatehouse.protocol.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.PrivateKey;

/** A private key that signs, and its public key. */
public final class SigningKey implements Jwt.Signer {
    private final PrivateKey privateKey;
    private final Jwk jwk;

    private SigningKey(PrivateKey privateKey, Jwk jwk) {
        this.privateKey = privateKey;
        this.jwk = jwk;
    }

    /** A new one. */
    public static SigningKey generate() {
        KeyPair pair = Ed25519.generate();
        return new SigningKey(pair.getPrivate(), Jwk.of(pair.getPublic()));
    }

    /**
     * One that there is.
     *
     * @throws IllegalArgumentException if it is not of Ed25519
     */
    public static SigningKey of(PrivateKey privateKey) {
        if (!Ed25519.isKey(privateKey)) {
            throw new IllegalArgumentException("key must be of Ed25519: " + privateKey.getAlgorithm());
        }
        return new SigningKey(privateKey, Jwk.of(Ed25519.publicKeyOf(privateKey)));
    }

    /** Reads one; see {@link PrivateKeyFile#read}. */
    public static SigningKey read(Path file) throws IOException {
        return of(PrivateKeyFile.read(file, Ed25519.NAME));
    }

    /** Writes it to a new file; see {@link PrivateKeyFile#write}. */
    public void write(Path file) throws IOException {
        PrivateKeyFile.write(file, privateKey);
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    @Override
    public Jwk jwk() {
        return jwk;
    }

    /** The public key's thumbprint. */
    public String kid() {
        return jwk.thumbprint();
    }

    /**
     * The {@code jws} of a message.
     *
     * @throws IllegalArgumentException if the header names another key
     */
    public String sign(ProtectedHeader header, byte[] payload) {
        if (!header.kid().equals(kid())) {
            throw new IllegalArgumentException("the header names the key " + header.kid() + ", and this is " + kid());
        }
        return Jws.sign(privateKey, header.write(), payload);
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            return Ed25519.sign(privateKey, message);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("this Java does not sign by its own key", e);
        }
    }

    /** Without the private key. */
    @Override
    public String toString() {
        return "SigningKey[" + kid() + "]";
    }
}
