package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A detached JSON Web Signature in its compact form {@code <header>..<signature>} (RFC 7515, appendix F) over bytes that are
 * not encoded (RFC 7797), by Ed25519 (RFC 8037). There is no other algorithm, and none that the sender chooses.
 */
public final class Jws {
    /** The user property that carries it. */
    public static final String PROPERTY = "jws";

    /** Characters. A topic, a kid and a reply topic need a tenth of it. */
    public static final int LONGEST = 8192;

    private static final String ALG = "EdDSA";
    private static final List<String> CRIT = List.of("b64");

    private final String encodedHeader;
    private final Members header;
    private final byte[] signature;

    private Jws(String encodedHeader, Members header, byte[] signature) {
        this.encodedHeader = encodedHeader;
        this.header = header;
        this.signature = signature;
    }

    /**
     * Signs.
     *
     * @param header what the protected header says beside {@code alg}, {@code b64} and {@code crit}
     * @throws IllegalArgumentException if the key is not of Ed25519, the header says one of these itself, or is too long
     */
    public static String sign(PrivateKey key, Map<String, ?> header, byte[] payload) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("alg", ALG);
        members.put("b64", false);
        members.put("crit", CRIT);
        header.forEach((name, value) -> {
            if (members.put(name, value) != null) {
                throw new IllegalArgumentException("the protected header has a \"" + name + "\" of its own: " + value);
            }
        });
        String encoded = Base64Url.encode(Json.write(members));
        try {
            String jws = encoded + ".." + Base64Url.encode(Ed25519.sign(key, begin(encoded), payload));
            if (jws.length() > LONGEST) {
                throw new IllegalArgumentException(
                        "the jws would have " + jws.length() + " characters: take shorter topics");
            }
            return jws;
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("key must be of Ed25519: " + key.getAlgorithm(), e);
        }
    }

    /**
     * Reads one; who signed it is another question.
     *
     * @throws BadArgument if it is not of this form and algorithm, or has an extension that must be understood and is not
     */
    public static Jws read(String compact) {
        if (compact.length() > LONGEST) {
            throw new BadArgument("jws has " + compact.length() + " characters, and at most " + LONGEST + " are taken");
        }
        int dot = compact.indexOf('.');
        if (dot < 0 || !compact.startsWith("..", dot)) {
            throw new BadArgument("jws must be detached, <header>..<signature>: " + compact);
        }
        String encoded = compact.substring(0, dot);
        byte[] json = Base64Url.decode(encoded)
                .orElseThrow(() -> new BadArgument("jws: its header is not base64url without padding: " + encoded));
        Members header;
        try {
            header = Json.readStrict(json);
            check(header);
        } catch (BadArgument e) {
            throw new BadArgument("jws: its header: " + e.getMessage());
        }
        byte[] signature = Base64Url.decode(compact.substring(dot + 2))
                .filter(bytes -> bytes.length == Ed25519.SIGNATURE_BYTES)
                .orElseThrow(() -> new BadArgument("jws: its signature is not " + Ed25519.SIGNATURE_BYTES
                        + " bytes in base64url without padding"));
        return new Jws(encoded, header, signature);
    }

    /** The protected header. */
    public Members header() {
        return header;
    }

    /** Whether this key signed this header with these bytes. */
    public boolean isSignedBy(Jwk key, byte[] payload) {
        return Ed25519.verify(key.publicKey(), List.of(begin(encodedHeader), payload), signature);
    }

    private static void check(Members header) {
        String alg = header.string("alg");
        if (!alg.equals(ALG)) {
            throw header.wrong("alg", alg, ALG);
        }
        Object crit = header.value("crit").orElse("absent");
        if (!crit.equals(CRIT)) {
            throw header.wrong("crit", crit, "[\"b64\"]");
        }
        Object b64 = header.value("b64").orElse("absent");
        if (!b64.equals(false)) {
            throw header.wrong("b64", b64, "false");
        }
    }

    /** What is signed before the payload. */
    private static byte[] begin(String encodedHeader) {
        return (encodedHeader + ".").getBytes(StandardCharsets.US_ASCII);
    }
}
