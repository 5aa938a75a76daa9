package io.gatehouse.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes as text, after RFC 7468. */
public final class Pem {
    /** What the text of a certificate is labelled. */
    public static final String CERTIFICATE = "CERTIFICATE";

    /** What the text of a signing request is labelled. */
    public static final String REQUEST = "CERTIFICATE REQUEST";

    /** What the text of a public key is labelled. */
    public static final String PUBLIC_KEY = "PUBLIC KEY";

    /** What the text of a private key in PKCS#8 is labelled. */
    public static final String PRIVATE_KEY = "PRIVATE KEY";

    private static final int COLUMNS = 64;

    private Pem() {}

    public static String write(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(COLUMNS, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /**
     * All that is labelled so, in order; what stands between is ignored.
     *
     * @throws IllegalArgumentException if something labelled so is no base64
     */
    public static List<byte[]> read(String label, String text) {
        List<byte[]> found = new ArrayList<>();
        Matcher block = Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*+)-----END " + label + "-----")
                .matcher(text);
        while (block.find()) {
            String base64 = block.group(1).replaceAll("\\s", "");
            found.add(Base64.getDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII)));
        }
        return found;
    }
}
