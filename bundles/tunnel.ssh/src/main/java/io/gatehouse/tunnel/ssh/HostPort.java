package io.gatehouse.tunnel.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A place to connect to, as its text: two are equal where their normal texts are, whatever a name resolves to.
 *
 * @param host a name in lower case, or an IPv4 or IPv6 address in its normal form, without brackets
 */
record HostPort(String host, int port) {
    private static final int LONGEST_NAME = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    /** What a resolver might take for an address in one of the forms of old: {@code 127.1}, {@code 0x7f.1}. */
    private static final Pattern NEARLY_IPV4 = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

    /**
     * Reads {@code host:port}, where an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException saying what would do
     */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw unusable(text);
        }
        String port = text.substring(colon + 1);
        if (!port.matches("[1-9]\\d{0,4}") || Integer.parseInt(port) > 65535) {
            throw unusable(text);
        }
        return new HostPort(host(text, text.substring(0, colon)), Integer.parseInt(port));
    }

    static HostPort of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("not resolved: " + address);
        }
        return new HostPort(ip.getHostAddress(), address.getPort());
    }

    private static String host(String text, String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            return literal(text, lower.substring(1, lower.length() - 1));
        }
        if (IPV4.matcher(lower).matches()) {
            return literal(text, lower);
        }
        if (lower.length() > LONGEST_NAME
                || !NAME.matcher(lower).matches()
                || NEARLY_IPV4.matcher(lower).matches()) {
            throw unusable(text);
        }
        return lower;
    }

    /** An address, whose text the JDK reads without asking anybody. */
    private static String literal(String text, String address) {
        boolean isIpv6 = address.matches("[0-9a-f.]*:[0-9a-f:.]*");
        if (!isIpv6 && !IPV4.matcher(address).matches()) {
            throw unusable(text);
        }
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(unusable(text).getMessage(), e);
        }
    }

    private static IllegalArgumentException unusable(String text) {
        return new IllegalArgumentException("must be host:port, for example 127.0.0.1:22 or [::1]:22: " + text);
    }

    /** The one address to connect to; asks the resolver where the host is a name. */
    InetSocketAddress resolve() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
