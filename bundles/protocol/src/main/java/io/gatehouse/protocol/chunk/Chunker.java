package io.gatehouse.protocol.chunk;

import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Cuts bytes where their content says so, whatever comes before: bytes that were moved by others that were put in before them are cut at the same places.
 *
 * <p>{@code h} is 0 at {@link #SMALLEST} bytes of a chunk, and with each further byte {@code b} becomes {@code 2h + G(b)} modulo 2^64; {@code G(b)} is
 * the first 8 bytes, big endian, of the SHA-256 of that byte alone. The chunk ends after the byte with which the highest bits of {@code h} are 0: 16 of
 * them up to {@link #USUAL} bytes, 12 beyond (FastCDC, Xia et al., USENIX ATC 2016); at the latest with {@link #LARGEST} bytes.
 */
public final class Chunker {
    /** Only the last chunk may be smaller. */
    public static final int SMALLEST = 4 << 10;

    /** Near which most chunks end. */
    public static final int USUAL = 16 << 10;

    public static final int LARGEST = 64 << 10;

    private static final long[] GEAR = gear();
    private static final int HARD = 16;
    private static final int EASY = 12;
    private static final int BUFFER = 4 * LARGEST;

    private Chunker() {}

    /** Takes chunks, one after the other. */
    @FunctionalInterface
    public interface Sink {
        /**
         * The next one.
         *
         * @param bytes of a buffer that the next one is in too
         * @return whether more are wanted
         */
        boolean take(byte[] bytes, int from, int length) throws IOException;
    }

    /** Cuts all that there is, in one buffer. */
    public static void cut(InputStream in, Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int from = 0;
        int to = in.readNBytes(buffer, 0, BUFFER);
        while (from < to) {
            int length = length(buffer, from, to);
            if (!sink.take(buffer, from, length)) {
                return;
            }
            from += length;
            if (to == BUFFER && to - from < LARGEST) {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                to -= from;
                from = 0;
                to += in.readNBytes(buffer, to, BUFFER - to);
            }
        }
    }

    private static int length(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + LARGEST);
        int usual = Math.min(end, from + USUAL);
        long hash = 0;
        int at = Math.min(end, from + SMALLEST);
        while (at < usual) {
            hash = (hash << 1) + GEAR[bytes[at++] & 0xff];
            if (hash >>> (Long.SIZE - HARD) == 0) {
                return at - from;
            }
        }
        while (at < end) {
            hash = (hash << 1) + GEAR[bytes[at++] & 0xff];
            if (hash >>> (Long.SIZE - EASY) == 0) {
                return at - from;
            }
        }
        return end - from;
    }

    private static long[] gear() {
        long[] gear = new long[256];
        for (int value = 0; value < gear.length; value++) {
            gear[value] = ByteBuffer.wrap(Sha256.digest().digest(new byte[] {(byte) value}))
                    .getLong();
        }
        return gear;
    }
}
