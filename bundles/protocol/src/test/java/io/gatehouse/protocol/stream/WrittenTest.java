package io.gatehouse.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WrittenTest {
    private final Ring ring = new Ring(12);
    private final Written written = new Written(ring);

    @Test
    void whatIsWrittenAfterASizeDoesNotOvertakeIt() {
        assertEquals(3, written.data(new byte[] {'a', 'b', 'c'}, 0, 3));
        written.resize(new Arrival.Resized(80, 24)); // 7 bytes, and there are 6
        assertEquals(0, written.data(new byte[] {'d'}, 0, 1));
        ring.dropTo(6);
        written.settle();
        assertArrayEquals(new byte[] {2, 0, 4, 0, 80, 0, 24}, ring.copy(6, 7));
        assertEquals(1, written.data(new byte[] {'d'}, 0, 1));
        assertArrayEquals(new byte[] {1, 0, 1, 'd'}, ring.copy(13, 4));
    }

    @Test
    void writesNoRecordsThatAreMostlyHead() {
        byte[] much = new byte[100];
        assertEquals(9, written.data(much, 0, much.length));
        ring.dropTo(5);
        assertEquals(0, written.data(much, 0, much.length));
        assertEquals(2, written.data(much, 0, 2));
    }

    @Test
    void endWaitsForRoomToo() {
        written.data(new byte[9], 0, 9);
        written.end(new Arrival.Ended(7, "ok"));
        assertTrue(written.isEnded() && !written.isWhole());
        ring.dropTo(12);
        written.settle();
        assertTrue(written.isWhole());
        assertArrayEquals(new byte[] {3, 0, 6, 0, 0, 0, 7, 'o', 'k'}, ring.copy(12, 9));
    }
}
