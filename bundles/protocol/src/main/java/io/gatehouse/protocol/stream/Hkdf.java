package io.gatehouse.protocol.stream;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA256 (RFC 5869). */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_BYTES = 32;

    private Hkdf() {}

    /**
     * Extracts and expands.
     *
     * @param secret the RFC's IKM
     * @param length of the result in bytes, up to 255 hashes
     */
    static byte[] derive(byte[] salt, byte[] secret, byte[] info, int length) {
        if (length < 1 || length > 255 * HASH_BYTES) {
            throw new IllegalArgumentException("HKDF gives 1 to " + 255 * HASH_BYTES + " bytes, not " + length);
        }
        byte[] key = hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, secret);
        ByteArrayOutputStream expanded = new ByteArrayOutputStream();
        byte[] block = new byte[0];
        for (int number = 1; expanded.size() < length; number++) {
            block = hmac(key, block, info, new byte[] {(byte) number});
            expanded.writeBytes(block);
        }
        return Arrays.copyOf(expanded.toByteArray(), length);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }
}
