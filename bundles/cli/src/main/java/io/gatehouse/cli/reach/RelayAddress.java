package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an SSH server is, and as whom to come there: {@code user@host[:port]}, an IPv6 address in brackets. */
public record RelayAddress(Optional<String> user, String host, int port) {
    private static final int SSH = 22;
    private static final int LAST_PORT = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(?:([^@\\s:]+)@)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::([0-9]{1,5}))?");

    /**
     * Reads one.
     *
     * @throws Trouble if it is none
     */
    public static RelayAddress parse(String text) throws Trouble {
        return parse(text, SSH);
    }

    /**
     * As {@link #parse(String)}.
     *
     * @param usual the port where none is written
     */
    public static RelayAddress parse(String text, int usual) throws Trouble {
        Matcher matcher = FORM.matcher(text);
        int port = matcher.matches() && matcher.group(3) != null ? Integer.parseInt(matcher.group(3)) : usual;
        if (!matcher.matches() || port > LAST_PORT) {
            throw new Trouble(Trouble.Kind.USAGE, "not an SSH server's address: " + text + "; write user@host:22");
        }
        return new RelayAddress(Optional.ofNullable(matcher.group(1)), matcher.group(2), port);
    }

    /** {@code host:port}, as devices are told it. */
    public String hostAndPort() {
        return host + ":" + port;
    }

    /** The host as a name to connect to: without brackets. */
    public String plainHost() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
