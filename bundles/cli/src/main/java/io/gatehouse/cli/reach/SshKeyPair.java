package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** A key of SSH with its private half. */
public record SshKeyPair(KeyPair pair) {
    private static final int ED25519_BITS = 256;

    /** A fresh one, Ed25519: for one session and nowhere on disk. */
    public static SshKeyPair generate() {
        try {
            return new SshKeyPair(KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, ED25519_BITS));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java makes no Ed25519 keys", e);
        }
    }

    /**
     * Reads the user's own, as {@code ssh-keygen} makes them, without a passphrase.
     *
     * @throws Trouble if it is not there or cannot be read
     */
    public static SshKeyPair read(Path file) throws Trouble {
        try (InputStream in = Files.newInputStream(file)) {
            Iterable<KeyPair> pairs = SecurityUtils.loadKeyPairIdentities(
                    null, NamedResource.ofName(file.toString()), in, FilePasswordProvider.EMPTY);
            if (pairs != null) {
                for (KeyPair pair : pairs) {
                    return new SshKeyPair(pair);
                }
            }
            throw new Trouble(Trouble.Kind.USAGE, "no private key of SSH in " + file);
        } catch (NoSuchFileException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such key file: " + file + "; --identity names another", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "cannot read " + file + " (a key with a passphrase is not read here: --identity names another): "
                            + e.getMessage(),
                    e);
        }
    }

    public SshKey publicKey() {
        return new SshKey(pair.getPublic());
    }
}
