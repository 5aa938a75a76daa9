package io.gatehouse.tasks.network;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an HTTP/1.x answer (RFC 9112) says before its body.
 *
 * @param version such as {@code HTTP/1.1}
 * @param status 200 to 599
 * @param fields by their names in lower case; the first where there are several
 */
record HttpHead(String version, int status, Map<String, String> fields) {
    private static final int LONGEST_LINE = 8 << 10;
    private static final int MOST_LINES = 256;

    HttpHead {
        fields = Map.copyOf(fields);
    }

    /**
     * Reads up to where the body begins. Answers that only announce another (1xx) are passed over.
     *
     * @param in must be buffered: it is read byte by byte
     */
    static HttpHead read(InputStream in) throws IOException {
        int lines = 0;
        while (true) {
            String first = line(in);
            String version = version(first); // before more is read: who speaks another protocol waits now
            int status = status(first);
            Map<String, String> fields = new LinkedHashMap<>();
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                if (++lines > MOST_LINES) {
                    throw new NotHttp("an answer begins with more than " + MOST_LINES + " lines");
                }
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.putIfAbsent(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip());
                }
            }
            if (status >= 200) {
                return new HttpHead(version, status, fields);
            }
            lines++;
        }
    }

    Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** A line up to its LF or CRLF, which is not part of it. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended within the answer");
            }
            if (line.length() >= LONGEST_LINE) {
                throw new NotHttp("a line is longer than " + LONGEST_LINE + " bytes");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }

    private static String version(String line) throws NotHttp {
        if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
            throw new NotHttp("it begins with " + quoted(line));
        }
        return line.substring(0, 8);
    }

    private static int status(String line) throws NotHttp {
        int status = 0;
        for (int at = 9; at < 12; at++) {
            char c = line.charAt(at);
            if (c < '0' || c > '9') {
                throw new NotHttp("it begins with " + quoted(line));
            }
            status = status * 10 + c - '0';
        }
        if (status < 100 || status > 599) {
            throw new NotHttp("there is no status " + status);
        }
        return status;
    }

    private static String quoted(String line) {
        StringBuilder shown = new StringBuilder("\"");
        line.chars().limit(40).forEach(c -> shown.append(c >= ' ' && c < 0x7f ? (char) c : '.'));
        return shown.append('"').toString();
    }
}
