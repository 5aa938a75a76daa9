package io.gatehouse.transport.mqtt;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which broker, and who one is to it. No message of any failure here shows a password.
 *
 * @param tls whether it is spoken to over TLS
 * @param host a name, or an address; of IPv6 in brackets
 * @param trust the file with the certificates, in PEM, of who may vouch for the broker; without it, who Java trusts
 */
record Broker(
        boolean tls,
        String host,
        int port,
        Optional<String> username,
        Optional<byte[]> password,
        Optional<Path> trust) {
    private static final int PORT = 1883;
    private static final int TLS_PORT = 8883;
    private static final int LAST_PORT = 65_535;

    /** Each scheme, and whether it means TLS. */
    private static final Map<String, Boolean> SCHEMES = Map.of("tcp", false, "mqtt", false, "ssl", true, "mqtts", true);

    /** What means this machine wherever it is looked up. */
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[(::|0:0:0:0:0:0:0:)1]", Pattern.CASE_INSENSITIVE);

    Broker {
        if (password.isPresent() && username.isEmpty()) {
            throw new IllegalArgumentException("a password needs a user: set \"username\", or take the password away");
        }
        if (trust.isPresent() && !tls) {
            throw new IllegalArgumentException("\"trust\" (" + trust.get() + ") is of no use with tcp://" + host
                    + ", which has no TLS: use ssl://, or take \"trust\" away");
        }
    }

    /**
     * Reads a broker's address; user and password may stand in it.
     *
     * @throws IllegalArgumentException if it is no address of a broker
     */
    static Broker at(String address) {
        URI uri = parse(address);
        String scheme = uri.getScheme();
        String path = uri.getRawPath();
        boolean bare = (path == null || path.isEmpty() || path.equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        if (scheme == null || !speaks(scheme) || uri.getRawAuthority() == null || !bare) {
            throw new IllegalArgumentException("broker address \"" + withoutPassword(address)
                    + "\" must be tcp://host:port, or ssl://host:port for TLS");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > LAST_PORT) {
            throw new IllegalArgumentException("broker address \"" + withoutPassword(address)
                    + "\" must have a host name of letters, digits, '.' and '-', and a port from 1 to " + LAST_PORT);
        }
        boolean tls = Boolean.TRUE.equals(SCHEMES.get(scheme.toLowerCase(Locale.ROOT)));
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PORT;
        String user = uri.getRawUserInfo();
        String[] parts = user == null || user.isEmpty() ? new String[0] : user.split(":", 2);
        return new Broker(
                tls,
                uri.getHost(),
                port,
                parts.length > 0 ? Optional.of(decode(parts[0])) : Optional.empty(),
                parts.length > 1 ? Optional.of(bytes(decode(parts[1]))) : Optional.empty(),
                Optional.empty());
    }

    static boolean speaks(String scheme) {
        return SCHEMES.containsKey(scheme.toLowerCase(Locale.ROOT));
    }

    /** With this user and password; with a password alone, the user stays who it was. */
    Broker as(String name, String secret) {
        if (name.isEmpty() && secret.isEmpty()) {
            return this;
        }
        return new Broker(
                tls, host, port, name.isEmpty() ? username : Optional.of(name), Optional.of(bytes(secret)), trust);
    }

    Broker trusting(Path authorities) {
        return new Broker(tls, host, port, username, password, Optional.of(authorities));
    }

    /** Whether somebody on the way can listen in: without TLS, and not on this very machine. */
    boolean othersListen() {
        return !tls && !LOOPBACK.matcher(host).matches();
    }

    /**
     * This broker, if nobody on the way can listen in: over TLS, or on this very machine.
     *
     * @throws IllegalArgumentException otherwise
     */
    Broker unlessOthersListen() {
        if (othersListen()) {
            throw new IllegalArgumentException("broker address \"" + address()
                    + "\" has no TLS, and is not on this machine: use ssl://, or permit it by \"plaintext\" or the"
                    + " property gatehouse.broker.plaintext");
        }
        return this;
    }

    /** For whoever reads a message, without user and password. */
    String address() {
        return (tls ? "ssl://" : "tcp://") + host + ":" + port;
    }

    /** The address in a text that may not even be one, with all that may be a user or a password hidden. */
    static String withoutPassword(String address) {
        int end = address.lastIndexOf('@');
        int slashes = address.indexOf("//");
        int begin = slashes < 0 || slashes > end ? 0 : slashes + 2;
        return end < 0 ? address : address.substring(0, begin) + "***" + address.substring(end);
    }

    /** The password would stand in it. */
    @Override
    public String toString() {
        return address();
    }

    private static URI parse(String address) {
        try {
            return new URI(address);
        } catch (URISyntaxException e) {
            // Not kept as the cause: its message repeats the address, and with it the password.
            throw new IllegalArgumentException("broker address \"" + withoutPassword(address) + "\" cannot be read: "
                    + e.getReason() + " at character " + (e.getIndex() + 1)
                    + "; in a user or password write such a character as % and its code, for example %20");
        }
    }

    private static String decode(String text) {
        // In an address, unlike in a form, a plus is a plus.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String secret) {
        return secret.getBytes(StandardCharsets.UTF_8);
    }
}
