package io.gatehouse.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SealedStreamTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Network network = new Network(1, Network.Weather.FAIR, SealedStream.SILENCE);
    private final SealedStream operator = network.operator;
    private final SealedStream device = network.device;

    @BeforeEach
    void connect() {
        operator.connected();
        network.pass(MOMENT);
    }

    @Test
    void nothingIsWrittenBeforeTheOtherSideIsThere() {
        Network early = new Network(1, Network.Weather.FAIR, SealedStream.SILENCE);
        offer(early.device, "$ ");
        early.pass(Duration.ofMillis(900));
        assertEquals(List.of(), early.fromDevice.segments());
        early.operator.connected();
        early.pass(Duration.ofMillis(100));
        assertEquals("$ ", read(early.operator));
    }

    @Test
    void keyLeavesAtOnceAndThoseThatFollowAreJoined() {
        for (String key : "uname -a\r".split("")) {
            offer(operator, key);
        }
        assertEquals(1, network.fromOperator.withData());
        network.pass(MOMENT);
        assertEquals(2, network.fromOperator.withData());
        assertEquals("uname -a\r", read(device));
    }

    @Test
    void floodMakesFewFrames() {
        byte[] line = "y\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
        int written = 0;
        int taken = 0;
        while (taken < 1 << 20) {
            written += device.offer(line, 0, line.length);
            network.pass(Duration.ofMillis(1));
            taken += read(operator).length();
        }
        long least = (1 << 20) / Segment.MOST_DATA;
        assertTrue(
                written >= taken && network.fromDevice.withData() < 2 * least,
                () -> network.fromDevice.withData() + " frames");
        assertTrue(network.fromOperator.segments().size() < 4 * least);
    }

    @Test
    void writesNoMoreThanWhatFitsWhileNobodyTakes() {
        byte[] much = new byte[1 << 20];
        int written = 0;
        for (int second = 0; second < 600; second++) {
            written += device.offer(much, written, much.length - written);
            network.pass(MOMENT);
        }
        assertTrue(written <= 2 * Side.OPERATOR.window(), written + " bytes are held");
        assertEquals(Side.OPERATOR.window(), operator.traffic().received());
        assertEquals(0, device.offer(much, 0, much.length));
        int taken = 0;
        while (taken < written) {
            taken += read(operator).length();
            network.pass(MOMENT);
        }
        assertEquals(written, taken);
    }

    @Test
    void asksForTheCreditThatGotLost() {
        byte[] much = new byte[2 * Side.OPERATOR.window()];
        int written = device.offer(much, 0, much.length);
        network.pass(MOMENT);
        written += device.offer(much, 0, much.length);
        network.broken(true);
        int taken = read(operator).length();
        network.pass(MOMENT);
        network.broken(false);
        network.pass(Duration.ofSeconds(4));
        taken += read(operator).length();
        assertEquals(written, taken);
    }

    @Test
    void goesOnAtOnceWhenTheLinkIsThereAgain() {
        network.broken(true);
        offer(operator, "date\r");
        offer(device, "$ ");
        network.pass(Duration.ofSeconds(61));
        network.broken(false);
        operator.connected();
        network.pass(Duration.ofMillis(101));
        assertEquals("date\r", read(device));
        device.connected();
        network.pass(Duration.ofMillis(101));
        assertEquals("$ ", read(operator));
    }

    @Test
    void goesOnByItselfWhereNobodySaysThatTheLinkIsThereAgain() {
        network.broken(true);
        offer(device, "$ ");
        network.pass(Duration.ofSeconds(60));
        long before = network.fromDevice.withData();
        assertTrue(before < 10, () -> before + " frames into the void");
        network.broken(false);
        network.pass(Duration.ofSeconds(16));
        assertEquals("$ ", read(operator));
    }

    @Test
    void isLostAfterSilenceAndNotBefore() throws InterruptedException {
        offer(operator, "top\r");
        network.pass(MOMENT);
        network.broken(true);
        network.pass(SealedStream.SILENCE.minusSeconds(16)); // it heard something up to 15 seconds ago
        assertTrue(operator.poll().isEmpty());
        network.pass(Duration.ofSeconds(16));
        Arrival.Lost lost = assertInstanceOf(Arrival.Lost.class, operator.take());
        assertEquals("nothing was heard of the other side for 120 s", lost.reason());
        assertEquals(lost, operator.take());
        assertFalse(operator.write(new byte[1], 0, 1));
        assertEquals(0, operator.offer(new byte[1], 0, 1));
        assertEquals(Optional.empty(), operator.nextTick());
        assertEquals("top\r", read(device), "what came is still there");
        assertInstanceOf(Arrival.Lost.class, device.take());
        int said = network.fromOperator.segments().size();
        operator.connected();
        operator.resize(80, 24);
        network.pass(Duration.ofHours(1));
        assertEquals(said, network.fromOperator.segments().size());
    }

    @Test
    void saysThatItIsThereFourTimesAMinute() {
        int before = network.fromOperator.segments().size();
        network.pass(Duration.ofHours(1));
        assertTrue(operator.poll().isEmpty() && device.poll().isEmpty());
        int said = network.fromOperator.segments().size() - before;
        assertTrue(said >= 239 && said <= 241, () -> said + " frames in an hour");
    }

    @Test
    void sizeGoesAmongTheBytes() throws InterruptedException {
        offer(operator, "vi\r");
        operator.resize(132, 50);
        offer(operator, "i");
        network.pass(MOMENT);
        assertEquals("vi\r", text(device.take()));
        assertEquals(new Arrival.Resized(132, 50), device.take());
        assertEquals("i", text(device.take()));
        assertThrows(IllegalArgumentException.class, () -> operator.resize(0, 24));
        assertThrows(IllegalArgumentException.class, () -> operator.resize(80, 65536));
    }

    @Test
    void ofSizesThatFindNoRoomTheLastIsTold() throws InterruptedException {
        byte[] much = new byte[2 * Side.DEVICE.window()];
        int written = 0;
        for (int more = 1; more > 0; written += more) {
            more = operator.offer(much, 0, much.length);
            network.pass(MOMENT);
        }
        for (int columns = 1; columns <= 1000; columns++) {
            operator.resize(columns, 24);
        }
        operator.end(0, "closed");
        int taken = 0;
        while (taken < written) {
            taken += read(device).length();
            network.pass(MOMENT);
        }
        Arrival last = device.take();
        for (Arrival next = last; next instanceof Arrival.Resized; next = device.take()) {
            last = next;
        }
        assertEquals(new Arrival.Resized(1000, 24), last);
        assertEquals(new Arrival.Ended(0, "closed"), device.take());
    }

    @Test
    void endComesAfterAllElseAndBothAreDone() throws InterruptedException {
        offer(device, "logout\r\n");
        device.end(130, "the shell ended");
        device.end(0, "again");
        assertFalse(device.write(new byte[1], 0, 1), "nothing is written after the end");
        assertFalse(device.isDelivered());
        network.pass(MOMENT);
        assertTrue(device.isDelivered() && device.awaitDelivered(Duration.ZERO));
        assertEquals("logout\r\n", text(operator.take()));
        assertEquals(new Arrival.Ended(130, "the shell ended"), operator.take());
        assertEquals(new Arrival.Ended(130, "the shell ended"), operator.take());
        operator.end(0, "");
        network.pass(MOMENT);
        assertEquals(new Arrival.Ended(0, ""), device.take());
        assertEquals(Optional.empty(), operator.nextTick());
        assertEquals(Optional.empty(), device.nextTick());
        network.pass(Duration.ofHours(1));
        assertEquals(new Arrival.Ended(0, ""), device.take(), "silence after the end is no loss");
    }

    @Test
    void reasonIsHarmlessToAScreenAndShort() {
        assertEquals("?[2J", new Arrival.Ended(0, "\u001b[2J").reason());
        Arrival.Ended ended = new Arrival.Ended(-1, "ä".repeat(1000));
        assertEquals(256, ended.reason().length());
        offer(device, "x");
        device.end(-1, "ä".repeat(1000));
        network.pass(MOMENT);
        assertEquals("x", read(operator));
        assertEquals(Optional.of(ended), operator.poll());
    }

    @Test
    void frameThatIsNoneOfTheOtherSideIsCountedAndChangesNothing() {
        offer(device, "$ ");
        Sealing peer = Network.sealing(Side.DEVICE);
        for (int i = 0; i < 100; i++) {
            peer.seal(new byte[0]); // so that its counters are above what the operator had
        }
        List<Segment> unsound = List.of(
                new Segment(false, false, Long.MAX_VALUE, 1, 0, new byte[0]),
                new Segment(false, false, -1, 1, 0, new byte[0]),
                new Segment(false, false, 1, 1, 0, new byte[0]),
                new Segment(false, false, 0, -1, 0, new byte[0]),
                new Segment(false, false, 0, 1, -1, new byte[0]),
                new Segment(false, false, 0, 1, Long.MAX_VALUE, new byte[1]),
                new Segment(false, false, 0, 1, 0, new byte[Segment.MOST_DATA + 1]));
        for (Segment segment : unsound) {
            operator.receive(peer.seal(segment.write()));
        }
        byte[] unknown = new Segment(true, false, 0, 1, 0, new byte[0]).write();
        unknown[0] |= 4;
        operator.receive(peer.seal(unknown));
        operator.receive(peer.seal(new byte[3]));
        operator.receive(new byte[0]);
        operator.receive(new byte[100]);
        operator.receive(new byte[1 << 20]);
        int dropped = unsound.size() + 5;
        assertEquals(new Traffic(0, 0, dropped), operator.traffic());
    }

    @Test
    void passesOverRecordsThatItDoesNotKnow() {
        byte[] records = {
            9, 0, 2, 'a', 'b', 1, 0, 1, 'c', 2, 0, 1, 'd', 2, 0, 4, 0, 0, 0, 0, 3, 0, 1, 'e', 1, 0, 0, 1, 0, 1, 'f'
        };
        Sealing peer = Network.sealing(Side.OPERATOR);
        SealedStream alone =
                new SealedStream(Network.sealing(Side.DEVICE), SealedStream.SILENCE, network::now, frame -> {});
        StringBuilder read = new StringBuilder();
        for (int at = 0; at < records.length; at++) {
            alone.receive(peer.seal(new Segment(false, false, 0, 0, at, new byte[] {records[at]}).write()));
            read.append(read(alone));
        }
        assertEquals("cf", read.toString());
    }

    @Test
    void takesTheUnknownPartOfASegmentAndNoneThatIsMoreThanItGranted() {
        Sealing peer = Network.sealing(Side.OPERATOR);
        SealedStream alone =
                new SealedStream(Network.sealing(Side.DEVICE), SealedStream.SILENCE, network::now, frame -> {});
        byte[] record = {1, 0, 3, 'a', 'b', 'c'};
        alone.receive(peer.seal(new Segment(false, false, 0, 0, 0, new byte[] {1, 0, 3, 'a'}).write()));
        alone.receive(peer.seal(new Segment(false, false, 0, 0, 0, record).write()));
        alone.receive(peer.seal(new Segment(false, false, 0, 0, 7, record).write()));
        assertEquals(new Traffic(0, 6, 0), alone.traffic());
        byte[] large = new byte[Segment.MOST_DATA];
        alone.receive(peer.seal(new Segment(false, false, 0, 0, 6, large).write()));
        assertEquals(new Traffic(0, 6, 0), alone.traffic());
        assertEquals("abc", read(alone));
        alone.receive(peer.seal(new Segment(false, false, 0, 0, 6, large).write()));
        assertEquals(new Traffic(0, 6 + Segment.MOST_DATA, 0), alone.traffic());
    }

    private static void offer(SealedStream stream, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(bytes.length, stream.offer(bytes, 0, bytes.length));
    }

    /** The bytes that came, up to what is something else. */
    private static String read(SealedStream stream) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            Optional<Arrival> arrival = stream.poll();
            if (arrival.isEmpty() || !(arrival.get() instanceof Arrival.Data data)) {
                return bytes.toString(StandardCharsets.ISO_8859_1);
            }
            bytes.writeBytes(data.bytes());
        }
    }

    private static String text(Arrival arrival) {
        byte[] bytes = assertInstanceOf(Arrival.Data.class, arrival).bytes();
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
