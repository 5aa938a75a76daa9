package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Members;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What is asked for by HTTP/1.1 (RFC 9112), with a connection of its own.
 *
 * @param uri http or https, with a host, without a user or a fragment
 * @param method {@code GET} or {@code HEAD}
 */
record HttpRequest(URI uri, String method) {
    private static final int LONGEST = 2048;
    private static final String EXPECTED =
            "an http or https address without user or password, at most " + LONGEST + " characters long";

    HttpRequest {
        if (!isFit(uri)) {
            throw new IllegalArgumentException("not " + EXPECTED + ": " + uri);
        }
    }

    static HttpRequest of(Members arguments, String member, String method) {
        String text = arguments.string(member);
        return read(text, method).orElseThrow(() -> arguments.wrong(member, text, EXPECTED));
    }

    /** Where an answer says that it is to be had instead; nothing where that cannot be asked for. */
    Optional<HttpRequest> instead(String location) {
        try {
            return read(uri.resolve(new URI(location)).toString(), method);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<HttpRequest> read(String text, String method) {
        try {
            URI whole = new URI(text);
            int fragment = text.indexOf('#');
            URI uri = fragment < 0 ? whole : new URI(text.substring(0, fragment));
            return isFit(uri) ? Optional.of(new HttpRequest(uri, method)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isFit(URI uri) {
        boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        return isHttp
                && uri.getHost() != null
                && Host.isFit(bare(uri.getHost()))
                && uri.getRawUserInfo() == null
                && uri.getRawFragment() == null
                && uri.getPort() <= 65535
                && uri.getPort() != 0
                && uri.toString().length() <= LONGEST;
    }

    boolean isSecure() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    Host host() {
        return new Host(bare(uri.getHost()));
    }

    int port() {
        return uri.getPort() > 0 ? uri.getPort() : isSecure() ? 443 : 80;
    }

    /** As it goes over the line. */
    byte[] bytes() {
        String whole = uri.toASCIIString();
        int path = whole.indexOf('/', whole.indexOf("://") + 3);
        int query = whole.indexOf('?');
        String target = path >= 0 && (query < 0 || path < query)
                ? whole.substring(path)
                : "/" + (query < 0 ? "" : whole.substring(query));
        String port = uri.getPort() > 0 ? ":" + uri.getPort() : "";
        String text = method + " " + target + " HTTP/1.1\r\nHost: " + uri.getHost() + port
                + "\r\nUser-Agent: gatehouse\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
