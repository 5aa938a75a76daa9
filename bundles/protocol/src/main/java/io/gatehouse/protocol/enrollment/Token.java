package io.gatehouse.protocol.enrollment;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.Jwk;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What lets a device claim its certificate, once. No message of any failure here shows it.
 *
 * @param id 22 characters of base64url, known to everybody
 * @param secret 43 characters of base64url, known to the device and the authority alone
 * @param ca SHA-256 of the fleet authority's certificate in DER
 * @param root thumbprint of the root that the device is to trust
 */
public record Token(String id, String secret, DeviceName device, Optional<String> place, Sha256 ca, String root) {
    /** Topic filter of all claims. */
    public static final String CLAIMS = topic("+");

    /** Topic filter of all renewals. */
    public static final String RENEWALS = renewalTopic("+/+/+");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final int SECRET_BYTES = 32;
    private static final int LARGEST = 4096;

    public Token {
        check(isId(id), "id must be 22 characters of base64url");
        check(key(secret).length == SECRET_BYTES, "secret must be 43 characters of base64url");
        check(Jwk.isThumbprint(root), "root must be a key's thumbprint, 43 characters of base64url");
        device.scopes(place); // throws where the place is none
    }

    /** A new one, with an id and a secret that nobody can guess. */
    public static Token generate(
            DeviceName device, Optional<String> place, Sha256 ca, String root, SecureRandom random) {
        return new Token(random(random, 16), random(random, SECRET_BYTES), device, place, ca, root);
    }

    /**
     * Reads a token.
     *
     * @throws BadArgument if this is none
     */
    public static Token read(String text) {
        try {
            if (text.length() > LARGEST) {
                throw new BadArgument("it has " + text.length() + " characters");
            }
            Members members =
                    Json.readStrict(Base64Url.decode(text).orElseThrow(() -> new BadArgument("it is no base64url")));
            return new Token(
                    members.string("id"),
                    members.string("secret"),
                    DeviceName.parse(members.string("device")),
                    members.optionalString("place"),
                    new Sha256(members.string("ca")),
                    members.string("root"));
        } catch (IllegalArgumentException e) {
            // without this cause: its message may quote the token
            throw new BadArgument("not an enrollment token, as gatehouse ca token prints them in one line");
        }
    }

    /** The token as a person copies it: one line. */
    public String write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", id);
        members.put("secret", secret);
        members.put("device", device.toString());
        place.ifPresent(where -> members.put("place", where));
        members.put("ca", ca.hex());
        members.put("root", root);
        return Base64Url.encode(Json.write(members));
    }

    /**
     * What shows that whoever made a signing request has this token: HMAC-SHA256 by the secret's bytes, in base64url.
     *
     * @param request PKCS#10, in DER
     */
    public String mac(byte[] request) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            return Base64Url.encode(mac.doFinal(request));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    /** Where the claim is published. */
    public String topic() {
        return topic(id);
    }

    /** Where the claim by this token is published. */
    public static String topic(String id) {
        return "claim/" + id;
    }

    /** The id of the token by which somebody claims at this topic; nothing where it is another topic. */
    public static Optional<String> claimedBy(String topic) {
        String id = topic.substring(topic.lastIndexOf('/') + 1);
        return isId(id) && topic.equals(topic(id)) ? Optional.of(id) : Optional.empty();
    }

    /** Where a claim or renewal that was published at this topic is answered. */
    public static String answerTopic(String topic) {
        return topic + "/certificate";
    }

    /** Where a device asks for its next certificate. */
    public static String renewalTopic(String device) {
        return device + "/claim";
    }

    /** The device that asks for its next certificate at this topic; nothing where it is another topic. */
    public static Optional<String> renewedBy(String topic) {
        String device = topic.substring(0, Math.max(0, topic.lastIndexOf('/')));
        boolean isDevice = device.split("/", -1).length == 3;
        return isDevice && topic.equals(renewalTopic(device)) ? Optional.of(device) : Optional.empty();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Token[" + id + " for " + device + "]";
    }

    private static String random(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    private static byte[] key(String secret) {
        return Base64Url.decode(secret).orElse(new byte[0]);
    }

    private static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    private static void check(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
