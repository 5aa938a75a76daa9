package io.gatehouse.tasks.network;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Takes what {@code tcpdump -w -} writes (the file format of libpcap), and writes whole packets of it alone, up to a limit: so what was kept can be
 * read wherever it ended.
 */
final class PcapFile {
    private static final int HEADER = 24;
    private static final int RECORD = 16;
    private static final int LENGTH_AT = 8;
    private static final int MAGIC = 0xa1b2c3d4;
    private static final int NANO_MAGIC = 0xa1b23c4d;
    private static final int LONGEST = 1 << 18;

    private final OutputStream file;
    private final long limit;
    private byte[] waiting = new byte[0];
    private ByteOrder order = ByteOrder.nativeOrder();
    private long size;
    private int packets;

    PcapFile(OutputStream file, long limit) {
        this.file = file;
        this.limit = limit;
    }

    /** Takes some of it, and says whether there was room for all that is whole; where there was not, there is no room any more. */
    boolean take(byte[] bytes, int length) throws IOException {
        byte[] all = Arrays.copyOf(waiting, waiting.length + length);
        System.arraycopy(bytes, 0, all, waiting.length, length);
        int at = 0;
        for (int whole = whole(all, at); whole > 0; whole = whole(all, at)) {
            if (size + whole > limit) {
                return false;
            }
            if (size == 0) {
                order = order(all);
            } else {
                packets++;
            }
            file.write(all, at, whole);
            size += whole;
            at += whole;
        }
        waiting = Arrays.copyOfRange(all, at, all.length);
        return true;
    }

    /** Packets that were kept. */
    int packets() {
        return packets;
    }

    /** How long what begins here is; 0 where it is not whole. */
    private int whole(byte[] all, int at) throws IOException {
        int there = all.length - at;
        if (size == 0) {
            return there < HEADER ? 0 : HEADER;
        }
        if (there < RECORD) {
            return 0;
        }
        int length = ByteBuffer.wrap(all).order(order).getInt(at + LENGTH_AT);
        if (length < 0 || length > LONGEST) {
            throw new IOException("tcpdump writes a packet of " + Integer.toUnsignedString(length) + " bytes");
        }
        return there < RECORD + length ? 0 : RECORD + length;
    }

    private static ByteOrder order(byte[] header) throws IOException {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            int magic = ByteBuffer.wrap(header).order(order).getInt(0);
            if (magic == MAGIC || magic == NANO_MAGIC) {
                return order;
            }
        }
        throw new IOException("tcpdump writes no pcap file");
    }
}
