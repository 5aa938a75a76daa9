package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.digest.BuiltinDigests;

/** A public key of SSH. */
public record SshKey(PublicKey key) {
    /**
     * Reads a line of {@code authorized_keys}.
     *
     * @throws Trouble if it is none
     */
    public static SshKey read(String line) throws Trouble {
        try {
            AuthorizedKeyEntry entry = AuthorizedKeyEntry.parseAuthorizedKeyEntry(line);
            if (entry != null) {
                PublicKey key = entry.resolvePublicKey(null, PublicKeyEntryResolver.FAILING);
                if (key != null) {
                    return new SshKey(key);
                }
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new Trouble(Trouble.Kind.REFUSED, "not a public key of SSH: " + line, e);
        }
        throw new Trouble(Trouble.Kind.REFUSED, "not a public key of SSH: " + line);
    }

    /** {@code ssh-ed25519 AAAA…}. */
    public String line() {
        return PublicKeyEntry.toString(key);
    }

    /** As OpenSSH prints it: {@code SHA256:…}. */
    public String fingerprint() {
        return KeyUtils.getFingerPrint(BuiltinDigests.sha256, key);
    }

    boolean is(PublicKey other) {
        return KeyUtils.compareKeys(key, other);
    }
}
