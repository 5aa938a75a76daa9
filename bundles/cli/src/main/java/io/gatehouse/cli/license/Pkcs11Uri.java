package io.gatehouse.cli.license;

import io.gatehouse.cli.fleet.Trouble;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which key of which token, as RFC 7512 writes it: {@code pkcs11:token=vault;object=acme?module-path=/usr/lib/…/libsofthsm2.so}.
 *
 * @param module the library that speaks to the token
 * @param token its label
 * @param object the key's label
 * @param pinSource the file whose first line is the PIN, where one is named
 */
public record Pkcs11Uri(Path module, String token, String object, Optional<Path> pinSource) {
    /** How it is written, for a usage help. */
    public static final String FORM = "pkcs11:token=LABEL;object=KEY?module-path=LIBRARY";

    private static final String SCHEME = "pkcs11:";
    private static final String FILE = "file:";
    private static final Set<String> KNOWN = Set.of("token", "object", "type", "module-path", "pin-source");

    /**
     * Reads one.
     *
     * @throws Trouble naming what is missing or will not do; no value is repeated, as one may be a PIN
     */
    public static Pkcs11Uri parse(String text) throws Trouble {
        if (!text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) { // RFC 3986: a scheme has no case
            throw usage("that is no PKCS #11 URI; write it as '" + FORM + "'");
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String attribute : text.substring(SCHEME.length()).split("[;?&]", -1)) {
            int equals = attribute.indexOf('=');
            String name = attribute.substring(0, Math.max(0, equals));
            if (name.equalsIgnoreCase("pin-value")) {
                throw usage(
                        "a PIN in a command line can be seen by others (ps): put it into a file that is yours alone,"
                                + " and name that by pin-source=file:/path, or set GATEHOUSE_PIN");
            }
            if (name.isEmpty()) {
                throw usage("a part of the PKCS #11 URI has no name; write it as '" + FORM + "'");
            }
            if (!KNOWN.contains(name)) {
                throw usage("not understood in a PKCS #11 URI: " + name + "; write it as '" + FORM + "'");
            }
            attributes.put(name, decoded(name, attribute.substring(equals + 1)));
        }
        String pin = attributes.get("pin-source");
        return new Pkcs11Uri(
                path("module-path", needed(attributes, "module-path")),
                needed(attributes, "token"),
                needed(attributes, "object"),
                pin == null
                        ? Optional.empty()
                        : Optional.of(path("pin-source", pin.startsWith(FILE) ? pin.substring(FILE.length()) : pin)));
    }

    private static String needed(Map<String, String> attributes, String name) throws Trouble {
        String value = attributes.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw usage("the PKCS #11 URI has no " + name + "; write it as '" + FORM + "'");
        }
        return value;
    }

    private static String decoded(String name, String value) throws Trouble {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // without this cause: it may quote the value
            throw usage("a percent sign in the " + name + " of the PKCS #11 URI has no two hex digits behind it");
        }
    }

    private static Path path(String name, String text) throws Trouble {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw usage("the " + name + " of the PKCS #11 URI is no file's name");
        }
    }

    private static Trouble usage(String message) {
        return new Trouble(Trouble.Kind.USAGE, message);
    }
}
