package io.gatehouse.transport.mqtt;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Lets packets through up to a size: Paho makes room for as many bytes as a packet says it has, before it has them. A larger
 * message is read past, a few bytes at a time, so that what follows arrives; any other packet of such a size is a failure.
 */
final class BoundedPackets extends InputStream {
    /** MQTT 5.0, 2.1.2 and 2.1.4. */
    private static final int PUBLISH = 3;

    private static final int LONGEST_HEADER = 5;

    private static final int AT_A_TIME = 4096;
    private static final int LONGEST_SHOWN = 200;

    private final DataInputStream in;
    private final int most;
    private final Excess excess;

    /** The header of the packet that is let through, and how many of its bytes there are and were read. */
    private final byte[] header = new byte[LONGEST_HEADER];

    private int known;
    private int given;
    /** Bytes of that packet behind its header that were not read. */
    private int left;

    /** Told of a message that is not let through, before all of it came. */
    interface Excess {
        /**
         * Called by the thread that reads.
         *
         * @param topic as it can be shown
         * @param id for its acknowledgement, where its QoS is not 0
         * @param size of its packet in bytes
         */
        void dropped(String topic, int id, int qos, long size);
    }

    /**
     * Lets packets of at most so many bytes through.
     *
     * @param in where a packet begins
     */
    BoundedPackets(InputStream in, int most, Excess excess) {
        this.in = new DataInputStream(in);
        this.most = most;
        this.excess = excess;
    }

    @Override
    public int read() throws IOException {
        if (isAtEnd() && !begin()) {
            return -1;
        }
        if (given < known) {
            return header[given++] & 0xFF;
        }
        int read = in.read();
        left -= read < 0 ? 0 : 1;
        return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (isAtEnd() && !begin()) {
            return -1;
        }
        if (given < known) {
            bytes[offset] = header[given++];
            return 1;
        }
        int read = in.read(bytes, offset, Math.min(length, left));
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public int available() throws IOException {
        return known - given + in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean isAtEnd() {
        return given == known && left == 0;
    }

    /** Reads the header of the next packet that may pass; false where there is none. */
    private boolean begin() throws IOException {
        for (int first = in.read(); first >= 0; first = in.read()) {
            int length = readLength();
            long size = (long) known + length;
            if (size <= most) {
                header[0] = (byte) first;
                given = 0;
                left = length;
                return true;
            }
            given = known;
            readPast(first, length, size);
        }
        return false;
    }

    private int readLength() throws IOException {
        int length = 0;
        int digit;
        known = 1;
        do {
            if (known == LONGEST_HEADER) {
                throw new IOException("the broker sends a packet whose length has more than 4 bytes");
            }
            digit = in.readUnsignedByte();
            header[known] = (byte) digit;
            length |= (digit & 0x7F) << (7 * (known - 1));
            known++;
        } while (digit >= 0x80);
        return length;
    }

    private void readPast(int first, int length, long size) throws IOException {
        int type = first >> 4;
        if (type != PUBLISH) {
            throw new IOException("the broker sends a packet of type " + type + " and " + size + " bytes, and " + most
                    + " are taken at most");
        }
        int qos = (first >> 1) & 3;
        byte[] topic = new byte[in.readUnsignedShort()];
        in.readFully(topic);
        int id = qos == 0 ? 0 : in.readUnsignedShort();
        excess.dropped(shown(topic), id, qos, size);
        readPast(length - 2 - topic.length - (qos == 0 ? 0 : 2));
    }

    /** Does not skip: of a stream that ended that says nothing. */
    private void readPast(int bytes) throws IOException {
        byte[] room = new byte[AT_A_TIME];
        for (int rest = bytes; rest > 0; ) {
            int read = in.read(room, 0, Math.min(rest, AT_A_TIME));
            if (read < 0) {
                throw new EOFException();
            }
            rest -= read;
        }
    }

    private static String shown(byte[] topic) {
        String text = new String(topic, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }
}
