package io.gatehouse.protocol;

import java.util.Base64;
import java.util.Optional;

/** Base64url without padding (RFC 7515, section 2), in its one canonical form. */
public final class Base64Url {
    private Base64Url() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The bytes; nothing where {@link #encode} would not have written this text. */
    public static Optional<byte[]> decode(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // Java's decoder takes padding and stray bits at the end, so that one signature would have several texts
        return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    }
}
