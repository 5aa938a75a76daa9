package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * An http or https address. What opens the door is no part of what it is called: user and password go as Basic
 * authentication (RFC 7617) and, as a query may be a signature, neither these nor the query are in its text.
 */
final class Address {
    private final URI uri;
    private final Optional<String> authorization;

    /** An address without user and password, and what to send in their place. */
    private Address(URI uri, Optional<String> authorization) {
        this.uri = uri;
        this.authorization = authorization;
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException where it names no host
     */
    static Address of(URI url) {
        String authority = Objects.requireNonNullElse(url.getRawAuthority(), "");
        int at = authority.lastIndexOf('@');
        String host = authority.substring(at + 1);
        if (host.isEmpty()) {
            throw new IllegalArgumentException("names no host");
        }
        StringBuilder text = new StringBuilder(url.getScheme() + "://" + host);
        // Never empty: what it redirects to would be appended to the host.
        text.append(url.getRawPath().isEmpty() ? "/" : url.getRawPath());
        if (url.getRawQuery() != null) {
            text.append('?').append(url.getRawQuery());
        }
        return new Address(
                URI.create(text.toString()),
                at < 0 ? Optional.empty() : Optional.of(basic(authority.substring(0, at))));
    }

    HttpURLConnection open() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        authorization.ifPresent(value -> connection.setRequestProperty("Authorization", value));
        return connection;
    }

    /**
     * Where an answer sends whoever asked here. User and password are for this server alone.
     *
     * @throws ArtifactUnavailable where it is not to be followed
     */
    Address redirected(String location) throws ArtifactUnavailable {
        URI target;
        Address there;
        try {
            target = uri.resolve(location);
            there = of(target);
        } catch (IllegalArgumentException e) {
            // Neither in the message nor as the cause: nobody can tell which part of it is a password.
            throw new ArtifactUnavailable("unreachable", this + " redirects to what is no address", null);
        }
        String scheme = String.valueOf(target.getScheme());
        if (!scheme.equals("https") && !scheme.equals(uri.getScheme())) {
            throw new ArtifactUnavailable("unreachable", this + " redirects to " + there + ": not followed", null);
        }
        boolean same =
                scheme.equals(uri.getScheme()) && there.uri.getRawAuthority().equals(uri.getRawAuthority());
        return same && there.authorization.isEmpty() ? new Address(there.uri, authorization) : there;
    }

    @Override
    public String toString() {
        String text = uri.toString();
        return uri.getRawQuery() == null ? text : text.substring(0, text.indexOf('?')) + "?…";
    }

    private static String basic(String user) {
        // Only a form's decoder is there, which takes a plus sign for a space.
        String decoded = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        String pair = decoded.contains(":") ? decoded : decoded + ":";
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
