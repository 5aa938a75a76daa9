package io.gatehouse.protocol.trust;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A public key as a JSON Web Key (RFC 7517) of the kind OKP on the curve Ed25519 (RFC 8037). A value; what follows from it is
 * computed once, as it is asked for with each message.
 */
public final class Jwk {
    private static final String KTY = "OKP";
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final String x;
    private final PublicKey publicKey;
    private final String thumbprint;

    /**
     * Checks a key.
     *
     * @param x the key's 32 bytes, base64url
     * @throws BadArgument if these are not 32 bytes, no point of the curve, or one under which anybody can sign
     */
    public Jwk(String x) {
        this.x = x;
        this.publicKey = Base64Url.decode(x)
                .flatMap(Ed25519::publicKey)
                .orElseThrow(() -> new BadArgument("x must be an Ed25519 public key, 32 bytes in base64url: " + x));
        this.thumbprint = thumbprint(x);
    }

    /**
     * The key as it is written.
     *
     * @throws IllegalArgumentException if it is of another algorithm
     */
    public static Jwk of(PublicKey key) {
        if (!Ed25519.isKey(key)) {
            throw new IllegalArgumentException("key must be of Ed25519: " + key.getAlgorithm());
        }
        return new Jwk(Base64Url.encode(Ed25519.bytes(key)));
    }

    /**
     * Reads a key.
     *
     * @throws BadArgument if it is of another kind or curve, or no key; or holds the private key too
     */
    public static Jwk read(Members members) {
        needed(members, "kty", KTY);
        needed(members, "crv", Ed25519.NAME);
        if (members.has("d")) {
            throw new BadArgument(members.path("d") + " must not be here: it is the private key; make a new one");
        }
        String x = members.string("x");
        try {
            return new Jwk(x);
        } catch (BadArgument e) {
            throw members.wrong("x", x, "an Ed25519 public key, 32 bytes in base64url");
        }
    }

    /** The key's 32 bytes, base64url. */
    public String x() {
        return x;
    }

    /** The JSON object. */
    public Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kty", KTY);
        members.put("crv", Ed25519.NAME);
        members.put("x", x);
        return members;
    }

    /** The key's thumbprint (RFC 7638, with SHA-256, in base64url): its {@code kid} everywhere. */
    public String thumbprint() {
        return thumbprint;
    }

    /** Whether this may be the thumbprint of a key. */
    public static boolean isThumbprint(String text) {
        return THUMBPRINT.matcher(text).matches();
    }

    PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Jwk jwk && jwk.x.equals(x);
    }

    @Override
    public int hashCode() {
        return x.hashCode();
    }

    @Override
    public String toString() {
        return "Jwk[" + x + "]";
    }

    private static String thumbprint(String x) {
        String canonical = "{\"crv\":\"" + Ed25519.NAME + "\",\"kty\":\"" + KTY + "\",\"x\":\"" + x + "\"}";
        return Base64Url.encode(Sha256.digest().digest(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    private static void needed(Members members, String name, String value) {
        String is = members.string(name);
        if (!is.equals(value)) {
            throw members.wrong(name, is, value);
        }
    }
}
