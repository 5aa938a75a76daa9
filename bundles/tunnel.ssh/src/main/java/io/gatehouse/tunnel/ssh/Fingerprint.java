package io.gatehouse.tunnel.ssh;

import io.gatehouse.protocol.trust.Relay;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * A host key's SHA-256, as OpenSSH prints it.
 *
 * @param text {@code SHA256:} and 43 characters of base64
 */
record Fingerprint(String text) {
    /**
     * Takes it as it is.
     *
     * @throws IllegalArgumentException where it is none
     */
    Fingerprint {
        if (!Relay.isFingerprint(text)) {
            throw new IllegalArgumentException(
                    "must be SHA256: and 43 characters of base64, as ssh-keygen -lf prints it: " + text);
        }
    }

    static Fingerprint of(PublicKey key) {
        ByteArrayBuffer buffer = new ByteArrayBuffer();
        buffer.putRawPublicKey(key);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(buffer.getCompactData());
            return new Fingerprint(
                    "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
