package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fetches from an http or https address, by ranges. */
final class HttpSource implements Source {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int READ_MILLIS = 10_000;
    private static final int TRIES = 3;
    private static final int REDIRECTS = 5;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BUFFER = 1 << 14;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    private final Pace pace;

    HttpSource(Pace pace) {
        this.pace = pace;
    }

    @Override
    public void fetch(Artifact artifact, Part part, long until) throws ArtifactUnavailable, InterruptedException {
        Address url = address(artifact);
        int inVain = 0;
        while (part.length() < until) {
            long before = part.length();
            try {
                append(artifact, url, part, until);
            } catch (ArtifactUnavailable e) {
                throw e;
            } catch (IOException e) {
                inVain = part.length() > before ? 0 : inVain + 1;
                if (inVain == TRIES) {
                    throw new ArtifactUnavailable("unreachable", "cannot fetch " + url + ": " + e, e);
                }
                pace.rest().take(pace.pause(inVain));
            }
        }
    }

    @Override
    public String way(Artifact artifact) throws ArtifactUnavailable {
        return "from " + address(artifact);
    }

    private static Address address(Artifact artifact) throws ArtifactUnavailable {
        try {
            return Address.of(artifact.url().orElseThrow());
        } catch (IllegalArgumentException e) {
            throw new ArtifactUnavailable("unreachable", "the url of " + artifact.sha256() + " " + e.getMessage(), e);
        }
    }

    private static void append(Artifact artifact, Address url, Part part, long until)
            throws IOException, InterruptedException {
        HttpURLConnection connection = connect(url, range(artifact, part.length(), until));
        try {
            long begin = begin(connection, artifact, url);
            if (begin > part.length()) {
                throw new EOFException(url + " answered from byte " + begin + " on, asked for " + part.length());
            }
            try (InputStream in = connection.getInputStream()) {
                // A server without ranges sends all of it again: what is here is passed over, not written again. What
                // comes after the range is
                // taken too: asked for once more, it would send all of that again.
                in.skipNBytes(part.length() - begin);
                copy(in, part);
            }
        } finally {
            if (part.length() != until || part.isWhole()) { // else the next range goes by the same connection
                connection.disconnect();
            }
        }
        if (part.length() < until) {
            throw new EOFException(url + " ended after " + part.length() + " of " + until + " bytes");
        }
    }

    private static void copy(InputStream in, Part part) throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (Thread.interrupted()) {
                throw new InterruptedException("fetch stopped after " + part.length() + " bytes");
            }
            part.append(buffer, 0, read);
        }
    }

    /** The place of the first byte that the answer brings. */
    private static long begin(HttpURLConnection connection, Artifact artifact, Address url) throws IOException {
        int status = connection.getResponseCode();
        if (status == HttpURLConnection.HTTP_OK) {
            long length = connection.getContentLengthLong();
            checkSize(length < 0 ? artifact.size() : length, artifact, url);
            return 0;
        }
        if (status == HttpURLConnection.HTTP_PARTIAL) {
            String text = String.valueOf(connection.getHeaderField("Content-Range"));
            Matcher range = CONTENT_RANGE.matcher(text);
            if (!range.matches()) {
                throw new IOException(url + " answered 206 with the Content-Range " + text);
            }
            checkSize("*".equals(range.group(2)) ? artifact.size() : Long.parseLong(range.group(2)), artifact, url);
            return Long.parseLong(range.group(1));
        }
        String answer = url + " answered " + status;
        if (status >= HttpURLConnection.HTTP_INTERNAL_ERROR || status == TOO_MANY_REQUESTS) {
            throw new IOException(answer);
        }
        throw new ArtifactUnavailable("unreachable", answer, null);
    }

    private static void checkSize(long found, Artifact artifact, Address url) throws ArtifactUnavailable {
        if (found != artifact.size()) {
            throw new ArtifactUnavailable(
                    "wrong-size",
                    artifact.sha256() + " must have " + artifact.size() + " bytes; " + url + " has " + found,
                    null);
        }
    }

    /** The header of that name; empty where all is wanted. */
    private static String range(Artifact artifact, long from, long until) {
        if (until < artifact.size()) {
            return "bytes=" + from + "-" + (until - 1);
        }
        return from > 0 ? "bytes=" + from + "-" : "";
    }

    /** Follows redirects itself: the JDK follows none from http to https, and would take credentials along. */
    private static HttpURLConnection connect(Address url, String range) throws IOException {
        Address at = url;
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            HttpURLConnection connection = request(at, range);
            String location = redirect(connection);
            if (location == null) {
                return connection;
            }
            connection.disconnect();
            at = at.redirected(location);
        }
        throw new ArtifactUnavailable("unreachable", url + " redirects more than " + REDIRECTS + " times", null);
    }

    private static HttpURLConnection request(Address url, String range) throws IOException {
        HttpURLConnection connection = url.open();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (!range.isEmpty()) {
            connection.setRequestProperty("Range", range);
        }
        return connection;
    }

    private static @Nullable String redirect(HttpURLConnection connection) throws IOException {
        return switch (connection.getResponseCode()) {
            case 301, 302, 303, 307, 308 -> connection.getHeaderField("Location");
            default -> null;
        };
    }
}
