package io.gatehouse.protocol.license;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The hardware that a license is for.
 *
 * @param atLeast how many of the fingerprints a device must have
 * @param of fingerprints, as {@link #fingerprint} makes them
 */
public record HardwareLock(int atLeast, List<String> of) {
    private static final int MOST = 32;
    private static final int BYTES = 16;
    private static final Pattern FINGERPRINT = Pattern.compile("[a-z]{1,16}:[A-Za-z0-9_-]{22}");

    /**
     * Checks it.
     *
     * @throws BadArgument where no device, or every device, would have so many of them
     */
    public HardwareLock {
        of = List.copyOf(of);
        for (String one : of) {
            if (!FINGERPRINT.matcher(one).matches()) {
                throw new BadArgument("hardware.of must be fingerprints, <kind>:<22 characters of base64url>: " + one);
            }
        }
        if (of.isEmpty() || of.size() > MOST || new HashSet<>(of).size() != of.size()) {
            throw new BadArgument("hardware.of must have 1 to " + MOST + " fingerprints, each once: " + of.size());
        }
        if (atLeast < 1 || atLeast > of.size()) {
            throw new BadArgument("hardware.atLeast must be from 1 to " + of.size() + ": " + atLeast);
        }
    }

    /**
     * What stands for a part of the hardware, so that nobody reads its serial number in a report.
     *
     * @param kind of the part, lower-case letters: {@code mac}, {@code board}
     * @param value its number as the machine tells it
     */
    public static String fingerprint(String kind, String value) {
        MessageDigest digest = Sha256.digest();
        digest.update(("gatehouse hardware " + kind + '\0' + value).getBytes(StandardCharsets.UTF_8));
        return kind + ":" + Base64Url.encode(Arrays.copyOf(digest.digest(), BYTES));
    }

    /** How many of its fingerprints are among these. */
    public int matches(Collection<String> fingerprints) {
        return (int) of.stream().filter(fingerprints::contains).count();
    }

    static HardwareLock read(Members members) {
        return new HardwareLock((int) members.integer("atLeast", 1, MOST), members.strings("of"));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("atLeast", atLeast);
        members.put("of", of);
        return members;
    }
}
