package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A letter as bytes. */
class WrittenTest {
    private static final Stamp STAMP = new Stamp("dwr/311/7", "fedcba9876543210");
    private static final Written RICH = new Written(
            STAMP,
            new Message(
                    "reply/ö",
                    new byte[] {1, 2, 3},
                    "text/plain",
                    true,
                    new Message.Exchange(Optional.of("reply/y"), Optional.of(new byte[] {9})),
                    Optional.of(Duration.ofSeconds(Long.MAX_VALUE)),
                    UserProperties.none().and("a", "b").and("a", "c")),
            1L << 40,
            -5,
            true);

    @Test
    void everythingComesBack() {
        Written read = Written.read(RICH.write());
        assertEquals(RICH.stamp(), read.stamp());
        assertEquals(RICH.seq(), read.seq());
        assertEquals(RICH.since(), read.since());
        assertTrue(read.isPassing());
        Message message = read.message();
        assertEquals("reply/ö", message.topic());
        assertArrayEquals(new byte[] {1, 2, 3}, message.payload());
        assertEquals("text/plain", message.contentType());
        assertTrue(message.retain());
        assertEquals(Optional.of("reply/y"), message.responseTopic());
        assertArrayEquals(new byte[] {9}, message.correlation().orElseThrow());
        assertEquals(RICH.message().expiry(), message.expiry());
        assertEquals(RICH.message().properties(), message.properties());
    }

    @Test
    void observationTakesLittleMoreThanItsTopicAndPayload() {
        String topic = "dwr/311/7/hardware/load";
        byte[] record = new Written(STAMP, Message.json(topic, new byte[80]), 12_345, 7, false).write();
        assertEquals(topic.length() + 80 + 25, record.length);
        assertEquals("dwr/311/7", Written.read(record).stamp().device());
    }

    @Test
    void whatIsCutShortOrStrangeIsRefused() {
        byte[] record = RICH.write();
        for (int length = 0; length < record.length - 3; length++) {
            byte[] cut = Arrays.copyOf(record, length);
            assertThrows(IllegalArgumentException.class, () -> Written.read(cut), "of " + length + " bytes");
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] strange = record.clone();
            strange[random.nextInt(strange.length)] = (byte) random.nextInt();
            try {
                Written.read(strange);
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage() != null); // nothing else is thrown
            }
        }
    }
}
