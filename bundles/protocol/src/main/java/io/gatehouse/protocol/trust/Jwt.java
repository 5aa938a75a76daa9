package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signed claims that go from hand to hand: a JSON Web Token (RFC 7519) in a compact JWS (RFC 7515), by Ed25519 (RFC 8037). There is no other
 * algorithm, and a token of one type is none of another.
 */
public final class Jwt {
    /**
     * A kind of token.
     *
     * @param word the header's {@code typ}
     * @param longest characters
     */
    public record Type(String word, int longest) {}

    private static final String ALG = "EdDSA";

    private final String signed;
    private final String kid;
    private final Members claims;
    private final byte[] signature;

    private Jwt(String signed, String kid, Members claims, byte[] signature) {
        this.signed = signed;
        this.kid = kid;
        this.claims = claims;
        this.signature = signature;
    }

    /** What signs, wherever its private key is. */
    public interface Signer {
        /** The public key. */
        Jwk jwk();

        /**
         * An Ed25519 signature, 64 bytes.
         *
         * @throws IOException where the key cannot be reached
         */
        byte[] sign(byte[] message) throws IOException;
    }

    /**
     * Signs.
     *
     * @throws IllegalArgumentException if it gets too long
     * @throws IOException where the key cannot be reached, or what signed is another one
     */
    public static String sign(Signer signer, Type type, Map<String, ?> claims) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", ALG);
        header.put("kid", signer.jwk().thumbprint());
        header.put("typ", type.word());
        String signed = Base64Url.encode(Json.write(header)) + "." + Base64Url.encode(Json.write(claims));
        byte[] message = ascii(signed);
        byte[] signature = signer.sign(message);
        if (!Ed25519.verify(signer.jwk().publicKey(), message, signature)) {
            throw new IOException("what was signed is not signed by the key "
                    + signer.jwk().thumbprint() + ": its private key is another one");
        }
        String compact = signed + "." + Base64Url.encode(signature);
        if (compact.length() > type.longest()) {
            throw new IllegalArgumentException(
                    "it would have " + compact.length() + " characters, and at most " + type.longest() + " are taken");
        }
        return compact;
    }

    /**
     * Reads one; who signed it is another question.
     *
     * @throws BadArgument if it is not of this form, algorithm and type, or has an extension that must be understood
     */
    public static Jwt read(String compact, Type type) {
        if (compact.length() > type.longest()) {
            throw new BadArgument(
                    "it has " + compact.length() + " characters, and at most " + type.longest() + " are taken");
        }
        List<String> parts = List.of(compact.split("\\.", -1));
        if (parts.size() != 3) {
            throw new BadArgument("it must be a compact JWS, <header>.<claims>.<signature>: it has " + parts.size()
                    + " of these parts");
        }
        Members header = Members.of("header", object("header", parts.get(0)).values());
        needed(header, "alg", ALG);
        needed(header, "typ", type.word());
        String kid = header.string("kid");
        if (header.has("crit")) {
            throw header.wrong("crit", header.value("crit").orElseThrow(), "absent: it names what is not known here");
        }
        byte[] signature = Base64Url.decode(parts.get(2))
                .filter(bytes -> bytes.length == Ed25519.SIGNATURE_BYTES)
                .orElseThrow(() -> new BadArgument(
                        "its signature is not " + Ed25519.SIGNATURE_BYTES + " bytes in base64url without padding"));
        return new Jwt(parts.get(0) + "." + parts.get(1), kid, object("claims", parts.get(1)), signature);
    }

    /** The thumbprint of the key that it says to be signed by. */
    public String kid() {
        return kid;
    }

    public Members claims() {
        return claims;
    }

    /** Whether this key signed it. */
    public boolean isSignedBy(Jwk key) {
        return Ed25519.verify(key.publicKey(), ascii(signed), signature);
    }

    private static Members object(String part, String encoded) {
        Optional<byte[]> json = Base64Url.decode(encoded);
        if (json.isEmpty()) {
            throw new BadArgument("its " + part + " part is not base64url without padding");
        }
        try {
            return Json.readStrict(json.get());
        } catch (BadArgument e) {
            throw new BadArgument(part + ": " + e.getMessage());
        }
    }

    private static void needed(Members header, String name, String value) {
        String is = header.string(name);
        if (!is.equals(value)) {
            throw header.wrong(name, is, value);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
