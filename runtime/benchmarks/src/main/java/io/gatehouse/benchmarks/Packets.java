package io.gatehouse.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** As much of MQTT 5 on the wire as a thousand devices in one thread need. */
final class Packets {
    static final int PUBLISH = 3;
    static final int SUBACK = 9;

    private static final int USER_PROPERTY = 0x26;
    private static final int RESPONSE_TOPIC = 0x08;
    private static final int CORRELATION = 0x09;
    private static final int CONTENT_TYPE = 0x03;
    private static final int PAYLOAD_FORMAT = 0x01;
    private static final int EXPIRY = 0x02;

    private Packets() {}

    /**
     * A message that arrived.
     *
     * @param number the packet's; 0 with QoS 0
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Publish(String topic, int number, byte[] correlation, Map<String, String> user, byte[] payload) {}

    static byte[] connect(String id) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.writeBytes(new byte[] {5, 2, 0, 0, 0}); // version, clean start, no keep alive, no properties
        text(body, id);
        return packet(0x10, body);
    }

    static byte[] subscribe(int number, String... filters) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        number(body, number);
        body.write(0);
        for (String filter : filters) {
            text(body, filter);
            body.write(1);
        }
        return packet(0x82, body);
    }

    static byte[] acknowledge(int number) {
        return new byte[] {0x40, 2, (byte) (number >> 8), (byte) number};
    }

    /** With QoS 1. */
    static byte[] publish(int number, String topic, boolean retain, byte[] payload) {
        return publish(number, topic, retain, new byte[] {0}, payload);
    }

    /** A request. */
    static byte[] request(int number, String topic, String answer, byte[] correlation, byte[] payload) {
        ByteArrayOutputStream properties = new ByteArrayOutputStream();
        properties.write(RESPONSE_TOPIC);
        text(properties, answer);
        properties.write(CORRELATION);
        number(properties, correlation.length);
        properties.writeBytes(correlation);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        length(all, properties.size());
        all.writeBytes(properties.toByteArray());
        return publish(number, topic, false, all.toByteArray(), payload);
    }

    private static byte[] publish(int number, String topic, boolean retain, byte[] properties, byte[] payload) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, topic);
        number(body, number);
        body.writeBytes(properties);
        body.writeBytes(payload);
        return packet(retain ? 0x33 : 0x32, body);
    }

    private static byte[] packet(int head, ByteArrayOutputStream body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(head);
        length(packet, body.size());
        packet.writeBytes(body.toByteArray());
        return packet.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int number) {
        out.write(number >> 8);
        out.write(number);
    }

    private static void length(ByteArrayOutputStream out, int length) {
        int rest = length;
        do {
            out.write(rest > 127 ? (rest & 127) | 128 : rest);
            rest >>= 7;
        } while (rest > 0);
    }

    /** How long the next packet is, with its head; 0 where that is not known yet. */
    static int size(ByteBuffer in) {
        int length = 0;
        for (int at = 1; at < 5 && at < in.remaining(); at++) {
            int digit = in.get(in.position() + at) & 255;
            length |= (digit & 127) << (7 * (at - 1));
            if (digit < 128) {
                return length + at + 1;
            }
        }
        return 0;
    }

    /** Reads a whole PUBLISH. */
    static Publish read(ByteBuffer in) {
        int head = in.get();
        length(in);
        String topic = text(in);
        int number = (head & 6) == 0 ? 0 : in.getShort() & 0xffff;
        int end = length(in) + in.position();
        byte[] correlation = new byte[0];
        Map<String, String> user = new HashMap<>();
        while (in.position() < end) {
            int property = in.get();
            switch (property) {
                case USER_PROPERTY -> {
                    String name = text(in);
                    user.put(name, text(in));
                }
                case CORRELATION -> {
                    correlation = new byte[in.getShort() & 0xffff];
                    in.get(correlation);
                }
                case CONTENT_TYPE, RESPONSE_TOPIC -> text(in);
                case PAYLOAD_FORMAT -> in.get();
                case EXPIRY -> in.getInt();
                default -> throw new IllegalStateException("an unexpected property of a message: " + property);
            }
        }
        byte[] payload = new byte[in.remaining()];
        in.get(payload);
        return new Publish(topic, number, correlation, user, payload);
    }

    private static int length(ByteBuffer in) {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int digit = in.get();
            length |= (digit & 127) << shift;
            if (digit >= 0) {
                break;
            }
        }
        return length;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & 0xffff];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
