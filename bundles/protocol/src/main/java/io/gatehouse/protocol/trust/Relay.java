package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An SSH server that devices may open tunnels at.
 *
 * @param address {@code host:port}, an IPv6 address in brackets
 * @param hostKeys fingerprints of the keys that it may show, as OpenSSH prints them: {@code SHA256:} and 43 characters of base64
 */
public record Relay(String address, List<String> hostKeys) {
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):([0-9]{1,5})");
    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");
    private static final int LAST_PORT = 65_535;

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException naming what will not do
     */
    public Relay {
        hostKeys = List.copyOf(hostKeys);
        if (!isAddress(address)) {
            throw new IllegalArgumentException("a relay's address must be host:port: " + address);
        }
        if (hostKeys.isEmpty()) {
            throw new IllegalArgumentException("relay " + address + " needs a host key, such as SHA256:…");
        }
        for (String key : hostKeys) {
            if (!isFingerprint(key)) {
                throw new IllegalArgumentException(
                        "a host key of relay " + address + " must be SHA256: and 43 characters of base64: " + key);
            }
        }
    }

    /** Whether it is {@code host:port}. */
    public static boolean isAddress(String text) {
        var matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        int port = Integer.parseInt(matcher.group(2));
        return port >= 1 && port <= LAST_PORT;
    }

    /** Whether it is a key's fingerprint as OpenSSH prints it. */
    public static boolean isFingerprint(String text) {
        return FINGERPRINT.matcher(text).matches();
    }

    /**
     * Reads a relay.
     *
     * @param members the object, with its path in the document it came in
     * @throws BadArgument naming the member that is missing or will not do
     */
    static Relay read(Members members) {
        try {
            return new Relay(members.string("address"), members.strings("hostKeys"));
        } catch (BadArgument e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BadArgument(members.path("address") + ": " + e.getMessage());
        }
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("address", address);
        members.put("hostKeys", hostKeys);
        return members;
    }
}
