package io.gatehouse.transport.mqtt;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lets packets through up to a size, each once all of it came: Paho makes room for as many bytes as a packet, or its properties,
 * say they have, before it has them. A larger message is read past, a few bytes at a time, so that what follows arrives; any other
 * packet of such a size is a failure, and so is one whose properties are longer than itself.
 */
final class BoundedPackets extends InputStream {
    /** Types of packets that a broker sends: MQTT 5.0, 2.1.2. */
    private static final int CONNACK = 2;

    private static final int PUBLISH = 3;
    private static final int PUBACK = 4;
    private static final int PUBREC = 5;
    private static final int PUBREL = 6;
    private static final int PUBCOMP = 7;
    private static final int SUBACK = 9;
    private static final int UNSUBACK = 11;
    private static final int PINGRESP = 13;
    private static final int DISCONNECT = 14;
    private static final int AUTH = 15;

    /** MQTT 5.0, 2.1.4. */
    private static final int LONGEST_HEADER = 5;

    private static final int AT_A_TIME = 4096;
    private static final int LONGEST_SHOWN = 200;

    private final DataInputStream in;
    private final int most;
    private final Excess excess;

    /** The packet that is let through, and how many of its bytes there are and were read. */
    private byte[] packet = new byte[AT_A_TIME];

    private int known;
    private int given;

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
        return given < known || begin() ? packet[given++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (given == known && !begin()) {
            return -1;
        }
        int count = Math.min(length, known - given);
        System.arraycopy(packet, given, bytes, offset, count);
        given += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return known - given + in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Reads the next packet that may pass; false where there is none. */
    private boolean begin() throws IOException {
        for (int first = in.read(); first >= 0; first = in.read()) {
            int length = readLength();
            int header = known;
            long size = (long) header + length;
            if (size <= most) {
                makeRoom((int) size);
                packet[0] = (byte) first;
                in.readFully(packet, header, length);
                requireWhole(first, header, (int) size);
                given = 0;
                known = (int) size;
                return true;
            }
            given = known;
            readPast(first, length, size);
        }
        return false;
    }

    /** A little more than is needed: most packets are small, and those of an artifact are all of one size. */
    private void makeRoom(int size) {
        if (size > packet.length) {
            packet = Arrays.copyOf(packet, Math.min(most, 2 * size));
        }
    }

    /** Properties begin where their length stands (MQTT 5.0, 2.2.2), if the packet has any, and end within it. */
    private void requireWhole(int first, int header, int end) throws IOException {
        int at = header + placeOfProperties(first, header, end);
        long length = 0;
        for (int digits = 0; at < end; digits++) {
            byte digit = packet[at++];
            length |= (long) (digit & 0x7F) << (7 * digits);
            if (digit >= 0 || digits == LONGEST_HEADER) {
                break;
            }
        }
        if (length > Math.max(0, end - at)) {
            throw new IOException("the broker sends a packet of type " + (first >> 4) + " and " + end
                    + " bytes, of which " + length + " are properties");
        }
    }

    private int placeOfProperties(int first, int header, int end) throws IOException {
        return switch (first >> 4) {
            case PUBLISH -> {
                int topic = end - header < 2 ? 0 : ((packet[header] & 0xFF) << 8) | (packet[header + 1] & 0xFF);
                int qos = (first >> 1) & 3;
                if (qos > 2) {
                    throw new IOException("the broker sends a message at QoS 3, which there is not");
                }
                yield 2 + topic + (qos == 0 ? 0 : 2);
            }
            case CONNACK, SUBACK, UNSUBACK -> 2;
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> 3;
            case DISCONNECT, AUTH -> 1;
            case PINGRESP -> 0;
            default ->
                throw new IOException("the broker sends a packet of type " + (first >> 4) + ", which no broker does");
        };
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
            packet[known] = (byte) digit;
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
