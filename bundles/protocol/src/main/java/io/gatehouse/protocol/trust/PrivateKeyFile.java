package io.gatehouse.protocol.trust;

import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A private key on disk, as PKCS#8 in PEM (RFC 7468), for its owner's eyes only. */
public final class PrivateKeyFile {
    private static final int LARGEST = 16 * 1024;

    private PrivateKeyFile() {}

    /**
     * Reads a key.
     *
     * @param algorithm as {@link KeyFactory} has it, for example {@code Ed25519} or {@code EC}
     * @throws IOException if it cannot be read, others may read it too, or it holds no such key; the message says what helps
     */
    public static PrivateKey read(Path file, String algorithm) throws IOException {
        refuseIfOthersMayRead(file);
        String text = new String(bytes(file), StandardCharsets.US_ASCII);
        try {
            List<byte[]> keys = Pem.read(Pem.PRIVATE_KEY, text);
            if (keys.size() != 1) {
                throw new IOException(
                        "private key file " + file + " must hold one PKCS#8 key in PEM, not encrypted: openssl"
                                + " pkey -in " + file + " prints it so");
            }
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(keys.get(0)));
        } catch (IllegalArgumentException | InvalidKeySpecException | NoSuchAlgorithmException e) {
            throw new IOException("private key file " + file + " holds no " + algorithm + " key", e);
        }
    }

    /**
     * Writes a key to a new file, whole or not at all, which nobody but its owner can read at any moment.
     *
     * @throws FileAlreadyExistsException if there is one of this name: a key is never overwritten
     * @throws IOException if it cannot be written, or the file system knows no owners
     */
    public static void write(Path file, PrivateKey key) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString(), null, "a private key is never overwritten");
        }
        byte[] pem = Pem.write(Pem.PRIVATE_KEY, key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        try {
            WholeFile.at(file).write(pem, ownerOnly);
        } catch (UnsupportedOperationException e) {
            throw knowsNoOwners(file, e);
        }
    }

    private static void refuseIfOthersMayRead(Path file) throws IOException {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(file);
        } catch (UnsupportedOperationException e) {
            throw knowsNoOwners(file, e);
        }
        Set<PosixFilePermission> others = EnumSet.allOf(PosixFilePermission.class);
        others.removeIf(permission -> permission.name().startsWith("OWNER_"));
        others.retainAll(permissions);
        if (!others.isEmpty()) {
            throw new IOException("private key file " + file + " is open to others ("
                    + PosixFilePermissions.toString(permissions) + "): chmod 600 " + file);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        long size = Files.size(file);
        if (size > LARGEST) {
            throw new IOException("private key file " + file + " is too large to hold a key: " + size + " bytes");
        }
        return Files.readAllBytes(file);
    }

    private static IOException knowsNoOwners(Path file, UnsupportedOperationException e) {
        return new IOException(
                "private key file " + file + " must be on a file system that knows whose it is, as ext4 does", e);
    }
}
