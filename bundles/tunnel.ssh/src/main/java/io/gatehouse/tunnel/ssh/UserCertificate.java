package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Map;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/** An OpenSSH user certificate: the relay's authority says so whose key it is, and the relay need not know the device. */
final class UserCertificate {
    private static final int LONGEST = 16 * 1024;

    private UserCertificate() {}

    /**
     * What the device shows: its key, as this certificate has it. Until when it holds is for the relay to judge, whose clock is right.
     *
     * @param line as in a file that {@code ssh-keygen -s} wrote
     * @throws Stopped as {@code wrong-certificate}
     */
    static KeyPair identity(String line, KeyPair device) throws Stopped {
        OpenSshCertificate certificate = read(line);
        if (certificate.getType() != OpenSshCertificate.Type.USER) {
            throw wrong("it is a host's; ssh-keygen -s makes a user's without -h");
        }
        if (!KeyUtils.compareKeys(certificate.getCertPubKey(), device.getPublic())) {
            throw wrong("it is for the key " + Fingerprint.of(certificate.getCertPubKey()) + ", the device's is "
                    + Fingerprint.of(device.getPublic()) + ", which tunnel.key tells");
        }
        return new KeyPair(certificate, device.getPrivate());
    }

    private static OpenSshCertificate read(String line) throws Stopped {
        if (line.length() > LONGEST) {
            throw wrong("it is too long: " + line.length() + " characters");
        }
        PublicKey key;
        try {
            key = PublicKeyEntry.parsePublicKeyEntry(line.strip())
                    .resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
        } catch (IOException
                | GeneralSecurityException
                | RuntimeException e) { // of MINA, which lets out what it stumbles over
            throw new Stopped("wrong-certificate", "the certificate cannot be read: " + e.getMessage(), e);
        }
        if (key instanceof OpenSshCertificate certificate) {
            return certificate;
        }
        throw wrong("it is a key, not a certificate; ssh-keygen -s makes one");
    }

    private static Stopped wrong(String why) {
        return new Stopped("wrong-certificate", "the certificate will not do: " + why);
    }
}
