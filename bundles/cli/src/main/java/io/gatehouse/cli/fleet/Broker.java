package io.gatehouse.cli.fleet;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A broker's address. As a text it is without user and password, for texts end up in logs and tickets.
 *
 * @param uri with user and password, where it has them
 */
public record Broker(URI uri) {
    /**
     * Reads an address.
     *
     * @throws Trouble if it is none; its message has no password either
     */
    public static Broker parse(String text) throws Trouble {
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null && uri.getRawAuthority() != null && isNoMore(uri)) {
                return new Broker(uri);
            }
        } catch (URISyntaxException e) {
            throw not(text); // without its cause, which has the text
        }
        throw not(text);
    }

    private static boolean isNoMore(URI uri) {
        String path = String.valueOf(uri.getRawPath());
        return (path.isEmpty() || path.equals("/")) && uri.getRawQuery() == null && uri.getRawFragment() == null;
    }

    private static Trouble not(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        String begin = scheme < 0 || scheme > at ? "" : text.substring(0, scheme + 3);
        String hidden = at < 0 ? text : begin + "…" + text.substring(at);
        String remedy = at < 0 ? "" : "; of a user's name and password all but letters and digits as %40 for @";
        return new Trouble(
                Trouble.Kind.USAGE, "not a broker's address: " + hidden + "; write it as tcp://host:1883" + remedy);
    }

    /**
     * This address with the password of the user whom it names.
     *
     * @throws Trouble if it names none
     */
    public Broker withPassword(String password) throws Trouble {
        String authority = uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        String user = authority.substring(0, Math.max(0, at)).split(":", 2)[0];
        if (user.isEmpty()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "a password is given, and " + this + " names no user: write it as " + uri.getScheme() + "://user@"
                            + authority.substring(at + 1));
        }
        String encoded = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
        return new Broker(
                URI.create(uri.getScheme() + "://" + user + ":" + encoded + "@" + authority.substring(at + 1)));
    }

    /** Whether it is the same place, whoever goes there. */
    public boolean isAt(Broker other) {
        return toString().equals(other.toString());
    }

    @Override
    public String toString() {
        String authority = String.valueOf(uri.getRawAuthority());
        return uri.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1);
    }
}
