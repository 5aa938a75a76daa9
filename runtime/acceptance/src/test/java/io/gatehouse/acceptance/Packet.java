package io.gatehouse.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One MQTT 5 packet as it travels, with as much of its meaning as somebody on the way needs to do harm with it. */
final class Packet {
    static final int CONNECT = 1;
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBACK = 4;

    /** MQTT 5.0, table 2-6. */
    static final int RECEIVE_MAXIMUM_EXCEEDED = 0x93;

    static final int TOO_LARGE = 0x95;

    private static final int DISCONNECT = 14;

    /** MQTT 5.0, table 2-4. */
    private static final int EXPIRY = 0x02;

    private static final int USER_PROPERTY = 0x26;
    /** Where in the body of a CONNECT its flags are, and which of them say that a name and a password follow (MQTT 5.0, 3.1.2.3). */
    private static final int FLAGS = 7;

    private static final int WITH_LOGIN = 0xC0;

    private static final int RECEIVE_MAXIMUM = 0x21;
    private static final int MAXIMUM_PACKET_SIZE = 0x27;

    private final byte[] bytes;
    private final int header;

    private Packet(byte[] bytes, int header) {
        this.bytes = bytes;
        this.header = header;
    }

    /** Waits for the next. */
    static Packet read(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException();
        }
        int length = 0;
        for (int shift = 0, digit = 0x80; digit >= 0x80; shift += 7) {
            digit = in.read();
            if (digit < 0) {
                throw new EOFException();
            }
            length |= (digit & 0x7F) << shift;
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return of(first, body);
    }

    static Packet disconnect(int reason) {
        return of(DISCONNECT << 4, new byte[] {(byte) reason, 0});
    }

    static Packet puback(int id) {
        return of(PUBACK << 4, new byte[] {(byte) (id >> 8), (byte) id});
    }

    private static Packet of(int first, byte[] body) {
        byte[] length = variable(body.length);
        ByteBuffer whole = ByteBuffer.allocate(1 + length.length + body.length);
        whole.put((byte) first).put(length).put(body);
        return new Packet(whole.array(), 1 + length.length);
    }

    byte[] bytes() {
        return bytes;
    }

    int type() {
        return (bytes[0] & 0xFF) >> 4;
    }

    /** Of a PUBLISH: whether it is to be acknowledged. */
    boolean counts() {
        return type() == PUBLISH && (bytes[0] & 0x06) != 0;
    }

    /** Of a PUBLISH that counts, and of a PUBACK. */
    int id() {
        ByteBuffer body = body();
        if (type() == PUBLISH) {
            skip(body, body.getShort() & 0xFFFF);
        }
        return body.getShort() & 0xFFFF;
    }

    /** Of a PUBLISH. */
    String topic() {
        return text(body());
    }

    /** Of a PUBLISH: its Message Expiry Interval, in seconds. */
    OptionalLong expiry() {
        return properties()
                .filter(property -> property.get() == EXPIRY)
                .mapToLong(property -> property.getInt() & 0xFFFF_FFFFL)
                .findFirst();
    }

    /** Of a PUBLISH: the number that its sender gave it, as the user property {@code seq}. */
    OptionalLong seq() {
        return properties()
                .filter(property ->
                        property.get() == USER_PROPERTY && text(property).equals("seq"))
                .mapToLong(property -> Long.parseLong(text(property)))
                .findFirst();
    }

    /** Of a PUBLISH: each property, from its identifier on. */
    private Stream<ByteBuffer> properties() {
        ByteBuffer body = body();
        skip(body, body.getShort() & 0xFFFF);
        if (counts()) {
            body.getShort();
        }
        int length = variable(body);
        int end = body.position() + length;
        List<ByteBuffer> properties = new ArrayList<>();
        while (body.position() < end) {
            properties.add(body.duplicate());
            int property = body.get();
            skip(body, sizeOf(property, body));
        }
        return properties.stream();
    }

    private static String text(ByteBuffer from) {
        byte[] utf8 = new byte[from.getShort() & 0xFFFF];
        from.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Of a CONNECT that says no name: another that says this one and this password. */
    Packet from(String user, String password) {
        byte[] body = Arrays.copyOfRange(bytes, header, bytes.length);
        body[FLAGS] |= (byte) WITH_LOGIN;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(body);
        for (String text : List.of(user, password)) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(new byte[] {(byte) (utf8.length >> 8), (byte) utf8.length});
            out.writeBytes(utf8);
        }
        return of(bytes[0] & 0xFF, out.toByteArray());
    }

    /** Of a CONNACK: another that grants this, where it is not 0, in place of what it granted. */
    Packet granting(int receiveMaximum, int maximumPacketSize) {
        ByteBuffer body = body();
        byte flags = body.get();
        byte reason = body.get();
        int length = variable(body);
        int end = body.position() + length;
        ByteArrayOutputStream properties = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(properties)) {
            while (body.position() < end) {
                int from = body.position();
                int property = body.get();
                skip(body, sizeOf(property, body));
                boolean replaced = property == RECEIVE_MAXIMUM && receiveMaximum > 0
                        || property == MAXIMUM_PACKET_SIZE && maximumPacketSize > 0;
                if (!replaced) {
                    out.write(bytes, header + from, body.position() - from);
                }
            }
            if (receiveMaximum > 0) {
                out.write(RECEIVE_MAXIMUM);
                out.writeShort(receiveMaximum);
            }
            if (maximumPacketSize > 0) {
                out.write(MAXIMUM_PACKET_SIZE);
                out.writeInt(maximumPacketSize);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] size = variable(properties.size());
        ByteBuffer altered = ByteBuffer.allocate(2 + size.length + properties.size());
        altered.put(flags).put(reason).put(size).put(properties.toByteArray());
        return of(bytes[0] & 0xFF, altered.array());
    }

    /** Of a CONNACK. */
    int receiveMaximum() {
        return granted(RECEIVE_MAXIMUM, 0xFFFF);
    }

    /** Of a CONNACK. */
    int maximumPacketSize() {
        return granted(MAXIMUM_PACKET_SIZE, Integer.MAX_VALUE);
    }

    private int granted(int wanted, int otherwise) {
        ByteBuffer body = body();
        skip(body, 2);
        int length = variable(body);
        int end = body.position() + length;
        while (body.position() < end) {
            int property = body.get();
            if (property == wanted) {
                return wanted == RECEIVE_MAXIMUM ? body.getShort() & 0xFFFF : body.getInt();
            }
            skip(body, sizeOf(property, body));
        }
        return otherwise;
    }

    private ByteBuffer body() {
        return ByteBuffer.wrap(bytes, header, bytes.length - header).slice();
    }

    /** How long the value is that begins here (MQTT 5.0, table 2-4). */
    private static int sizeOf(int property, ByteBuffer at) {
        return switch (property) {
            case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A -> 1;
            case 0x13, 0x21, 0x22, 0x23 -> 2;
            case 0x02, 0x11, 0x18, 0x27 -> 4;
            case 0x0B -> sizeOfVariable(at);
            case USER_PROPERTY -> {
                int name = 2 + (at.getShort(at.position()) & 0xFFFF);
                yield name + 2 + (at.getShort(at.position() + name) & 0xFFFF);
            }
            default -> 2 + (at.getShort(at.position()) & 0xFFFF);
        };
    }

    private static int sizeOfVariable(ByteBuffer at) {
        ByteBuffer copy = at.duplicate();
        variable(copy);
        return copy.position() - at.position();
    }

    private static void skip(ByteBuffer buffer, int count) {
        buffer.position(buffer.position() + count);
    }

    private static int variable(ByteBuffer from) {
        int value = 0;
        for (int shift = 0, digit = 0x80; digit >= 0x80; shift += 7) {
            digit = from.get() & 0xFF;
            value |= (digit & 0x7F) << shift;
        }
        return value;
    }

    private static byte[] variable(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int left = value;
        do {
            out.write(left > 0x7F ? left & 0x7F | 0x80 : left);
            left >>>= 7;
        } while (left > 0);
        return out.toByteArray();
    }
}
