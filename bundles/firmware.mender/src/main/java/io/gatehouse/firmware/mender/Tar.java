package io.gatehouse.firmware.mender;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipException;

/** Reads the files of a tar one after the other, as of POSIX.1-1988: what names of more than 100 bytes and sizes from 8 GiB need is not known. */
final class Tar {
    private static final int BLOCK = 512;

    private final InputStream in;
    private long left;
    private long padding;

    Tar(InputStream in) {
        this.in = in;
    }

    /**
     * The name of the next file; nothing at the end.
     *
     * @throws EOFException where it ends before its end
     * @throws ZipException where it is no tar
     */
    Optional<String> next() throws IOException {
        in.skipNBytes(left + padding);
        byte[] header = in.readNBytes(BLOCK);
        if (header.length < BLOCK) {
            throw new EOFException("it ends within a file of its tar");
        }
        if (header[0] == 0) {
            return Optional.empty();
        }
        left = size(text(header, 124, 12).strip());
        padding = -left & (BLOCK - 1);
        return Optional.of(text(header, 0, 100));
    }

    /** What is in that file, from where it was read last. */
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int from, int most) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int length = in.read(bytes, from, (int) Math.min(most, left));
                if (length < 0) {
                    throw new EOFException("it ends within a file of its tar");
                }
                left -= length;
                return length;
            }
        };
    }

    /** At most eleven digits of eight, so that it is never too large for what is done with it. */
    private static long size(String octal) throws ZipException {
        try {
            return Long.parseUnsignedLong(octal, 8);
        } catch (NumberFormatException e) {
            throw (ZipException) new ZipException("it is no tar: size '" + octal + "'").initCause(e);
        }
    }

    private static String text(byte[] header, int from, int length) {
        byte[] field = Arrays.copyOfRange(header, from, from + length);
        String text = new String(field, ISO_8859_1);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
