package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.Jwk;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keys in files: a private one in PEM, for its owner's eyes only, or a public one as a JSON Web Key, for everybody's. */
public final class KeyFile {
    private static final int LARGEST_JWK = 16 * 1024;

    private KeyFile() {}

    /**
     * Reads a private key.
     *
     * @throws Trouble if it is not there, others may read it, or it is none
     */
    public static SigningKey read(Path file) throws Trouble {
        try {
            return SigningKey.read(file);
        } catch (NoSuchFileException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE, "no such key file: " + file + "; gatehouse key new " + file + " makes one", e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read the key: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a new key in a new file.
     *
     * @throws Trouble if the file is there already, or cannot be written
     */
    public static SigningKey create(Path file) throws Trouble {
        SigningKey key = SigningKey.generate();
        while (key.kid().startsWith("-")) { // in a command line it would be taken for an option
            key = SigningKey.generate();
        }
        try {
            key.write(file);
            return key;
        } catch (FileAlreadyExistsException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    file + " is there already, and a key is never overwritten: take another name",
                    e);
        } catch (NoSuchFileException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "no such folder: " + file.toAbsolutePath().getParent(),
                    e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot write the key file " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the public key of a file with a public or a private one.
     *
     * @throws Trouble if it is not there or is none
     */
    public static Jwk readPublic(Path file) throws Trouble {
        if (!isJson(file)) {
            return read(file).jwk();
        }
        try {
            return Jwk.read(Json.read(Files.readAllBytes(file)));
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is no public key: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The public key as RFC 7517 has it, with its {@code kid}. */
    public static Map<String, Object> publicMembers(Jwk jwk) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kid", jwk.thumbprint());
        members.putAll(jwk.write());
        return members;
    }

    private static boolean isJson(Path file) {
        try {
            return Files.size(file) <= LARGEST_JWK
                    && Files.readString(file, StandardCharsets.ISO_8859_1)
                            .stripLeading()
                            .startsWith("{");
        } catch (IOException e) {
            return false; // whoever reads it next says why it cannot be read
        }
    }
}
