package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker sends beyond the Maximum Packet Size that it was told. */
class BoundedPacketsTest extends WithBroker {
    private static final int MOST = 100;
    private static final long LARGEST = 268_435_460;

    /** A message at QoS 1, at {@code down/x}, with the id 77, of all the bytes that a length can say. */
    private static final int[] LARGEST_MESSAGE = {
        0x32, 0xFF, 0xFF, 0xFF, 0x7F, 0, 6, 'd', 'o', 'w', 'n', '/', 'x', 0, 77
    };

    private final List<String> dropped = new ArrayList<>();

    @Test
    void letsPacketsThroughUpToTheSizeAndNoneAbove() throws IOException {
        byte[] fits = packet(0x30, MOST);
        byte[] ping = {(byte) 0xD0, 0};
        DataInputStream in = bounded(join(fits, packet(0x30, MOST + 1), ping, packet(0x34, MOST + 1), fits));
        byte[] through = in.readAllBytes();
        assertArrayEquals(join(fits, ping, fits).readAllBytes(), through);
        assertEquals(List.of("t at QoS 0: 101", "t at QoS 2: 101"), dropped);
    }

    @Test
    void readsPastTheLargestMessageWithoutRoomForIt() throws IOException {
        Zeros zeros = new Zeros(LARGEST - LARGEST_MESSAGE.length);
        byte[] ping = {(byte) 0xD0, 0};
        InputStream all = new SequenceInputStream(new SequenceInputStream(bytes(LARGEST_MESSAGE), zeros), join(ping));
        assertArrayEquals(ping, bounded(all).readAllBytes());
        assertEquals(0, zeros.left);
        assertTrue(zeros.mostAsked <= 4096, "asked for " + zeros.mostAsked + " bytes at a time");
        assertEquals(List.of("down/x at QoS 1: " + LARGEST), dropped);
    }

    /** A CONNACK, a SUBACK, a DISCONNECT. */
    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x90, 0xE0})
    void failsAtAnyOtherPacketOfSuchASize(int first) {
        assertThrows(IOException.class, bounded(bytes(first, 0xFF, 0xFF, 0xFF, 0x7F))::read);
    }

    @Test
    void failsAtALengthThatIsNone() {
        assertThrows(IOException.class, bounded(bytes(0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F))::read);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 10, 14, 16})
    void failsWhereTheLineEndsInsideOfWhatIsTooLarge(int there) {
        byte[] packet = packet(0x32, MOST + 200);
        assertThrows(IOException.class, bounded(new ByteArrayInputStream(packet, 0, there))::read);
    }

    @Test
    void showsNoTopicThatWouldMakeALineOfItsOwn() throws IOException {
        assertThrows(IOException.class, bounded(bytes(0x30, 0x80, 1, 0, 3, 'a', '\n', 'b'))::read);
        assertEquals(List.of("a?b at QoS 0: 131"), dropped);
    }

    /** Paho makes room for as much, in a heap that does not have it. */
    @Test
    void failsAtPropertiesThatAreLongerThanTheirPacket() {
        for (InputStream packet : List.of(
                bytes(0x90, 8, 0, 1, 0xFF, 0xFF, 0xFF, 0x37, 0, 0),
                bytes(0x30, 8, 0, 1, 't', 0xFF, 0xFF, 0xFF, 0x37, 0),
                bytes(0x32, 8, 0, 1, 't', 0, 1, 0xFF, 0x7F, 0),
                bytes(0x20, 5, 0, 0, 0xFF, 0xFF, 0x7F),
                bytes(0x40, 5, 0, 1, 0, 2, 0),
                bytes(0xE0, 3, 0, 2, 0))) {
            assertThrows(IOException.class, bounded(packet)::read);
        }
    }

    @Test
    void letsPropertiesThroughThatFillTheirPacket() throws IOException {
        for (int[] packet : List.of(
                new int[] {0x90, 6, 0, 1, 2, 0x21, 0, 0},
                new int[] {0x31, 5, 0, 1, 't', 1, 0},
                new int[] {0x40, 2, 0, 1},
                new int[] {0x40, 3, 0, 1, 0},
                new int[] {0xE0, 0},
                new int[] {0xD0, 0})) {
            assertEquals(packet.length, bounded(bytes(packet)).readAllBytes().length);
        }
    }

    @Test
    void failsAtWhatNoBrokerSends() {
        assertThrows(IOException.class, bounded(bytes(0xA2, 3, 0, 1, 0))::read);
        assertThrows(IOException.class, bounded(bytes(0x00, 0))::read);
        assertThrows(IOException.class, bounded(bytes(0x36, 6, 0, 1, 't', 0, 1, 0))::read);
    }

    @Test
    void acknowledgesWhatIsTooLargeAndGoesOn() throws Exception {
        try (Logged logged = new Logged(Complaints.class)) {
            open();
            await().until(() -> somebody.connections.get() == 1);
            broker.send(LARGEST, LARGEST_MESSAGE);
            broker.publish(78, "down/x", message(new MqttProperties()));
            await().until(() -> acknowledged().equals(List.of(77, 78)));
            assertEquals(1, somebody.received.size());
            assertEquals(1, somebody.connections.get());
            assertEquals(
                    List.of("messages at down/x are dropped: the broker sends " + LARGEST
                            + " bytes, and was told to send 327680 at most"),
                    logged.texts());
        }
    }

    @Test
    void acknowledgesWhatIsTooLargeThoughTheLineIsLostInside() throws Exception {
        open();
        await().until(() -> somebody.connections.get() == 1);
        broker.send(100_000, LARGEST_MESSAGE);
        await().until(() -> acknowledged().equals(List.of(77)));
        broker.cut();
        await().until(() -> somebody.connections.get() == 2);
    }

    @Test
    void connectsAnewAfterAnotherPacketOfSuchASize() throws Exception {
        open();
        await().until(() -> somebody.connections.get() == 1);
        broker.send(5, 0x90, 0xFF, 0xFF, 0xFF, 0x7F);
        await().until(() -> somebody.connections.get() == 2);
        assertEquals(
                "connection to " + broker.uri() + " is lost: the broker sends a packet of type 9 and " + LARGEST
                        + " bytes, and 327680 are taken at most",
                somebody.troubles.get(0));
    }

    private List<Integer> acknowledged() {
        return broker.got(MqttPubAck.class).stream()
                .map(MqttPubAck::getMessageId)
                .toList();
    }

    private DataInputStream bounded(InputStream in) {
        return new DataInputStream(new BoundedPackets(
                in, MOST, (topic, id, qos, size) -> dropped.add(topic + " at QoS " + qos + ": " + size)));
    }

    /** Of so many bytes, for the topic {@code t}. */
    private static byte[] packet(int first, int size) {
        byte[] packet = new byte[size];
        int length = size - (size <= 129 ? 2 : 3);
        int[] begin = size <= 129
                ? new int[] {first, length, 0, 1, 't'}
                : new int[] {first, (length & 0x7F) | 0x80, length >> 7, 0, 1, 't'};
        for (int i = 0; i < begin.length; i++) {
            packet[i] = (byte) begin[i];
        }
        return packet;
    }

    private static InputStream bytes(int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return new ByteArrayInputStream(all);
    }

    private static InputStream join(byte[]... packets) {
        InputStream all = InputStream.nullInputStream();
        for (byte[] packet : packets) {
            all = new SequenceInputStream(all, new ByteArrayInputStream(packet));
        }
        return all;
    }

    /** Notes how much it was asked for. */
    private static final class Zeros extends FilterInputStream {
        private long left;
        private int mostAsked;

        Zeros(long left) {
            super(InputStream.nullInputStream());
            this.left = left;
        }

        @Override
        public int read() {
            return read(new byte[1], 0, 1) < 0 ? -1 : 0;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            mostAsked = Math.max(mostAsked, length);
            int read = (int) Math.min(length, left);
            left -= read;
            return read == 0 ? -1 : read;
        }
    }
}
