package io.gatehouse.cli.license;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.trust.Jwk;
import io.gatehouse.protocol.trust.Jwt;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An Ed25519 key that never leaves its token: each signature is one run of {@code pkcs11-tool}. */
public final class Pkcs11Key implements Jwt.Signer {
    /** The environment's PIN. */
    public static final String PIN = "GATEHOUSE_PIN";

    /** Two keys of one label are two keys: what signs is named by its number. */
    private static final Pattern ID = Pattern.compile("(?m)^\\s*ID:\\s*([0-9a-f]+)\\s*$");

    private static final Pattern LABEL = Pattern.compile("(?m)^\\s*label:\\s*(\\S.*)$");

    private final Pkcs11Tool tool;
    private final Pkcs11Uri uri;
    private final String pin;
    private final Found found;

    /** A key as the token has it. */
    private record Found(String id, Jwk jwk) {}

    private Pkcs11Key(Pkcs11Tool tool, Pkcs11Uri uri, String pin, Found found) {
        this.tool = tool;
        this.uri = uri;
        this.pin = pin;
        this.found = found;
    }

    /**
     * Finds it.
     *
     * @param environment has the PIN where the URI names no file for it
     * @throws Trouble if the program, the token, the key or the PIN is missing; the message says what helps
     */
    public static Pkcs11Key open(Pkcs11Uri uri, Map<String, String> environment) throws Trouble {
        return open(Pkcs11Tool.INSTALLED, uri, environment);
    }

    static Pkcs11Key open(Pkcs11Tool tool, Pkcs11Uri uri, Map<String, String> environment) throws Trouble {
        String pin = pin(uri, environment);
        return new Pkcs11Key(tool, uri, pin, find(tool, uri));
    }

    /**
     * The public key, for which there is no need of a PIN.
     *
     * @throws Trouble if the program, the token or the key is missing; the message says what helps
     */
    public static Jwk publicKey(Pkcs11Uri uri) throws Trouble {
        return find(Pkcs11Tool.INSTALLED, uri).jwk();
    }

    private static Found find(Pkcs11Tool tool, Pkcs11Uri uri) throws Trouble {
        if (Files.notExists(uri.module())) {
            throw usage("no such PKCS #11 library: " + uri.module() + "; the token's software brings it", null);
        }
        try {
            String id = id(tool.run(new byte[0], Map.of(), with(uri, "--list-objects", "--type", "pubkey")), uri);
            Pkcs11Tool.Result read =
                    tool.run(new byte[0], Map.of(), with(uri, "--read-object", "--type", "pubkey", "--id", id));
            return new Found(id, key(uri, read.wrote()));
        } catch (IOException e) {
            throw usage(
                    "cannot find the key " + uri.object() + " on the token " + uri.token() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Jwk jwk() {
        return found.jwk();
    }

    @Override
    public byte[] sign(byte[] message) throws IOException {
        String[] sign = {"--login", "--pin", "env:" + PIN, "--sign", "--mechanism", "EDDSA", "--id", found.id()};
        byte[] signature = tool.run(message, Map.of(PIN, pin), with(uri, sign)).wrote();
        if (signature.length == 0) {
            throw new IOException("the token " + uri.token() + " gave no signature");
        }
        return signature;
    }

    private static List<String> with(Pkcs11Uri uri, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--module", uri.module().toString(), "--token-label", uri.token()));
        all.addAll(List.of(arguments));
        return all;
    }

    /** The tool lists a heading for each key, and below it, line by line, what it knows of that. */
    private static String id(Pkcs11Tool.Result listed, Pkcs11Uri uri) throws IOException {
        Pattern label = Pattern.compile("(?m)^\\s*label:\\s*" + Pattern.quote(uri.object()) + "\\s*$");
        for (String key : listed.said().split("(?m)^(?=Public Key Object)", -1)) {
            Matcher id = ID.matcher(key);
            if (label.matcher(key).find() && id.find()) {
                return id.group(1);
            }
        }
        throw new IOException("the token lists no public key with this label and an ID: "
                + Plain.safe(String.join(
                        ", ",
                        LABEL.matcher(listed.said())
                                .results()
                                .map(found -> found.group(1))
                                .toList())));
    }

    /** Some releases of the tool write PEM, and some DER. */
    private static Jwk key(Pkcs11Uri uri, byte[] written) throws Trouble {
        try {
            String text = new String(written, StandardCharsets.US_ASCII);
            byte[] der = text.startsWith("-----BEGIN")
                    ? Pem.read(Pem.PUBLIC_KEY, text).get(0)
                    : written;
            return Jwk.of(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw usage(
                    uri.object() + " on the token " + uri.token() + " is no Ed25519 key: make one by pkcs11-tool"
                            + " --keypairgen --key-type EC:edwards25519",
                    e);
        }
    }

    private static String pin(Pkcs11Uri uri, Map<String, String> environment) throws Trouble {
        Optional<Path> file = uri.pinSource();
        String pin = file.isPresent() ? firstLine(file.get()) : environment.getOrDefault(PIN, "");
        if (pin.isEmpty()) {
            throw usage(
                    "which PIN has the token " + uri.token() + "? Put it into a file that is yours alone and name that"
                            + " in the URI by pin-source=file:/path, or set " + PIN,
                    null);
        }
        return pin;
    }

    private static String firstLine(Path file) throws Trouble {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (!permissions.endsWith("------")) {
                throw usage(
                        "the PIN's file " + file + " is open to others (" + permissions + "): chmod 600 " + file, null);
            }
            String line = reader.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw usage("cannot read the PIN's file " + file + ": " + e.getMessage(), e);
        }
    }

    private static Trouble usage(String message, @Nullable Exception cause) {
        return new Trouble(Trouble.Kind.USAGE, message, cause);
    }
}
