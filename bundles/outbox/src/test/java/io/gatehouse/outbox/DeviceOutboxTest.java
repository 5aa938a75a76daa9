package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import io.gatehouse.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of what is put into the outbox: topics, stamps and bodies. */
class DeviceOutboxTest extends WithOutbox {
    @Test
    void publishesObservationBelowTheDeviceWithTheTimeAtWhichItWasRead() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("hardware/load", EARLIER, Map.of("one", 0.5), false);
        Message message = next(outbox);
        assertEquals("dwr/311/7/hardware/load", message.topic());
        assertEquals("{\"at\":\"2026-03-01T11:59:58.000Z\",\"one\":0.5}", text(message));
        assertEquals(
                UserProperties.none()
                        .and("device", "dwr/311/7")
                        .and("boot", BOOT)
                        .and("seq", "1"),
                message.properties());
        assertEquals(Message.JSON, message.contentType());
        assertFalse(message.retain());
    }

    @Test
    void publishesCopyAtThePlaceWithTheSameNumber() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("hardware/temperature", NOW, Map.of("celsius", 21), true);
        Message own = next(outbox);
        Message copy = next(outbox);
        assertEquals("dwr/311/7/hardware/temperature", own.topic());
        assertEquals("world/asia/temperature", copy.topic());
        assertEquals(own.properties(), copy.properties());
        assertArrayEquals(own.payload(), copy.payload());
    }

    @Test
    void publishesNoCopyWhereTheDeviceHasNoPlace() throws InterruptedException {
        place = Optional.empty();
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("hardware/temperature", NOW, Map.of(), true);
        outbox.event("after", Map.of());
        assertEquals(
                List.of("dwr/311/7/event/after", "dwr/311/7/hardware/temperature"),
                List.of(next(outbox).topic(), next(outbox).topic()));
    }

    @Test
    void numbersObservationsAndEventsInOneSequenceAndNothingElse() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/b", NOW, Map.of(), false);
        outbox.report("feature", Map.of());
        outbox.event("fault", Map.of());
        outbox.send(Message.json("reply/x", new byte[0]));
        outbox.observation("a/b", NOW, Map.of(), false);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            numbers.add(next(outbox).properties().first("seq").orElse("none"));
        }
        assertEquals(List.of("none", "none", "2", "1", "3"), numbers);
    }

    @Test
    void retainsReports() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("state", "applied", "at", "never"));
        Message message = next(outbox);
        assertEquals("dwr/311/7/reported/feature", message.topic());
        assertTrue(message.retain());
        assertEquals("2026-03-01T12:00:00.250Z", Json.read(message.payload()).string("at"), "at is the outbox's own");
        assertEquals(UserProperties.none().and("device", "dwr/311/7").and("boot", BOOT), message.properties());
    }

    @Test
    void sendsMessagesWholeButForTheStamp() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        Message given = new Message(
                "reply/x",
                new byte[] {1, 2},
                Message.BYTES,
                false,
                new Message.Exchange(Optional.of("reply/y"), Optional.of(new byte[] {7})),
                Optional.empty(),
                UserProperties.none().and("offset", "12"));
        outbox.send(given);
        Message message = next(outbox);
        assertEquals(
                UserProperties.none()
                        .and("device", "dwr/311/7")
                        .and("boot", BOOT)
                        .and("offset", "12"),
                message.properties());
        assertEquals("reply/x", message.topic());
        assertArrayEquals(given.payload(), message.payload());
        assertEquals(Message.BYTES, message.contentType());
        assertEquals(Optional.of("reply/y"), message.responseTopic());
        assertArrayEquals(new byte[] {7}, message.correlation().orElseThrow());
    }

    @Test
    void refusesNamesThatMayNotBeOnesAndNamesThem() {
        DeviceOutbox outbox = outbox(1 << 20);
        for (String topic : List.of("load", "cmd/x", "a//b", "a/+", "/a", "a/b/", "status/x")) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> outbox.observation(topic, NOW, Map.of(), false),
                            topic)
                    .getMessage();
            assertTrue(message.contains("\"" + topic + "\""), message);
        }
        outbox.observation("door/status", NOW, Map.of(), false);
        assertThrows(IllegalArgumentException.class, () -> outbox.event("a/b", Map.of()));
        assertThrows(IllegalArgumentException.class, () -> outbox.report("#", Map.of()));
    }

    @Test
    void refusedBodyUsesUpNoNumber() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        assertThrows(IllegalArgumentException.class, () -> outbox.event("e", Map.of("x", new Object())));
        outbox.event("e", Map.of());
        assertEquals(Optional.of("1"), next(outbox).properties().first("seq"));
    }
}
