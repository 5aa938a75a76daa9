package io.gatehouse.tasks.network;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The body of an HTTP/1.x answer (RFC 9112, section 6), without how it is cut for its way. For one thread. */
final class HttpBody extends InputStream {
    private static final int MOST_TRAILERS = 256;

    private final InputStream in;
    private final Way way;
    private long left;
    private boolean isOver;
    private boolean hasBegun;

    private enum Way {
        NONE,
        COUNTED,
        CHUNKED,
        UNTIL_THE_END
    }

    /**
     * A body.
     *
     * @param method of the request
     * @param in after the head
     */
    HttpBody(String method, HttpHead head, InputStream in) throws NotHttp {
        this.in = in;
        String coding = head.field("transfer-encoding").orElse("").toLowerCase(Locale.ROOT);
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            way = Way.NONE;
        } else if (coding.endsWith("chunked")) {
            way = Way.CHUNKED;
        } else if (coding.isEmpty() && head.field("content-length").isPresent()) {
            way = Way.COUNTED;
            left = number(head.field("content-length").orElse(""), 10);
        } else {
            way = Way.UNTIL_THE_END;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        isOver |= way == Way.NONE || (way == Way.COUNTED && left == 0) || (way == Way.CHUNKED && !hasChunk());
        if (isOver) {
            return -1;
        }
        int most = way == Way.UNTIL_THE_END ? length : (int) Math.min(length, left);
        int read = in.read(to, offset, most);
        if (read < 0 && way != Way.UNTIL_THE_END) {
            throw new EOFException("the connection ended within the body");
        }
        isOver |= read < 0;
        left -= way == Way.UNTIL_THE_END ? 0 : read;
        return read;
    }

    /** Whether there is more, having read where the next chunk begins if need be. */
    private boolean hasChunk() throws IOException {
        if (isOver || left > 0) {
            return !isOver;
        }
        if (hasBegun && !HttpHead.line(in).isEmpty()) {
            throw new NotHttp("a chunk is longer than it said");
        }
        hasBegun = true;
        String size = HttpHead.line(in);
        int extension = size.indexOf(';');
        left = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
        if (left == 0) {
            int trailers = 0;
            while (!HttpHead.line(in).isEmpty()) {
                if (++trailers > MOST_TRAILERS) {
                    throw new NotHttp("more than " + MOST_TRAILERS + " lines follow the body");
                }
            }
        }
        return left > 0;
    }

    private static long number(String text, int radix) throws NotHttp {
        boolean isNumber = !text.isEmpty() && text.length() <= 15;
        long number = 0;
        for (int at = 0; at < text.length() && isNumber; at++) {
            int digit = text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), radix) : -1;
            isNumber = digit >= 0;
            number = number * radix + digit;
        }
        if (!isNumber) {
            throw new NotHttp("there is no length " + (text.length() > 40 ? text.length() + " characters long" : text));
        }
        return number;
    }
}
