package io.gatehouse.identity;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.WholeFile;
import io.gatehouse.protocol.enrollment.Token;
import io.gatehouse.protocol.trust.PrivateKeyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/**
 * What makes this device this device, in a folder on flash. A member is what the membership says: it is written last, so that a
 * power cut before that finds a device that still claims, with the key that it had.
 */
final class IdentityFolder {
    private static final String TOKEN = "token";
    private static final String MEMBERSHIP = "claim.json";
    private static final String CERTIFICATE = "certificate.pem";
    private static final String PRIVATE_KEY = "device.key";
    private static final String PUBLIC_KEY = "device.pub";

    private final Path folder;

    IdentityFolder(Path folder) {
        this.folder = folder;
    }

    /** The token that somebody put here, if any. */
    Optional<Token> token() throws IOException {
        return tokenIn(folder.resolve(TOKEN));
    }

    /**
     * The token in a file, if there is one of that name.
     *
     * @throws IOException if it holds something else; without what it holds
     */
    static Optional<Token> tokenIn(Path file) throws IOException {
        Optional<byte[]> bytes = read(file);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Token.read(new String(bytes.get(), StandardCharsets.ISO_8859_1).strip()));
        } catch (BadArgument e) {
            throw new IOException(file + " is " + e.getMessage(), e);
        }
    }

    /** What a token said that was redeemed, if any was. */
    Optional<Membership> membership() throws IOException {
        Path file = folder.resolve(MEMBERSHIP);
        try {
            return read(file).map(Membership::read);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + " cannot be read: " + e.getMessage() + "; delete it, and give the device a new token", e);
        }
    }

    /**
     * The certificate that is in force, if there is one.
     *
     * @throws IOException if it is damaged
     */
    Optional<IssuedChain> certificate() throws IOException {
        Path file = folder.resolve(CERTIFICATE);
        Optional<byte[]> bytes = read(file);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(IssuedChain.read(new String(bytes.get(), StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The key, which is made here at first need. */
    DeviceKey key() throws IOException {
        Path file = folder.resolve(PRIVATE_KEY);
        if (Files.exists(file)) {
            return existingKey(file);
        }
        WholeFile.makeFolder(folder);
        DeviceKey key = DeviceKey.generate();
        // The public key first: a power cut between the two leaves one that nobody has, and the next key replaces it.
        write(PUBLIC_KEY, Pem.write(Pem.PUBLIC_KEY, key.publicKey().getEncoded()));
        PrivateKeyFile.write(file, key.privateKey());
        return key;
    }

    private DeviceKey existingKey(Path file) throws IOException {
        Path other = folder.resolve(PUBLIC_KEY);
        try {
            List<byte[]> blocks = Pem.read(Pem.PUBLIC_KEY, Files.readString(other, StandardCharsets.US_ASCII));
            if (blocks.size() != 1) {
                throw new IOException(other + " must hold one public key, and has " + blocks.size());
            }
            PublicKey publicKey =
                    KeyFactory.getInstance(DeviceKey.ALGORITHM).generatePublic(new X509EncodedKeySpec(blocks.get(0)));
            return new DeviceKey(PrivateKeyFile.read(file, DeviceKey.ALGORITHM), publicKey);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException(
                    "the device's key, " + file + " and " + other + ", cannot be used: " + e.getMessage()
                            + "; move both away, and give the device a new token",
                    e);
        }
    }

    /** Keeps the first certificate, and what the token said. */
    void enroll(IssuedChain chain, Membership membership) throws IOException {
        renew(chain);
        write(MEMBERSHIP, new String(membership.write(), StandardCharsets.UTF_8));
    }

    /** Keeps a certificate in place of the one before. */
    void renew(IssuedChain chain) throws IOException {
        write(CERTIFICATE, chain.write());
    }

    private static Optional<byte[]> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void write(String name, String text) throws IOException {
        WholeFile.makeFolder(folder);
        WholeFile.at(folder.resolve(name)).write(text.getBytes(StandardCharsets.UTF_8));
    }
}
