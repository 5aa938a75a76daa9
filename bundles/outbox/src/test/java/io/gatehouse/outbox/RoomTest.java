package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.protocol.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of more than fits. */
class RoomTest extends WithOutbox {
    @Test
    void dropsOldestObservationsFirst() throws InterruptedException {
        DeviceOutbox outbox = outbox(3 * ONE);
        for (int i = 0; i < 5; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", i), false);
        }
        Message first = next(outbox);
        assertEquals(2, n(first));
        assertEquals(Optional.of("3"), first.properties().first("seq"), "the gap shows what was dropped");
    }

    @Test
    void dropsEventsOnlyWhenNoObservationIsLeftAndRepliesLast() throws InterruptedException {
        DeviceOutbox outbox = outbox(1600);
        outbox.event("a", Map.of());
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        for (int i = 0; i < 3; i++) {
            outbox.send(Message.json("reply/" + i, new byte[400]));
        }
        outbox.observation("hardware/load", NOW, Map.of("n", 1), false);
        assertEquals(
                List.of("reply/0", "reply/1", "reply/2"), topics(List.of(next(outbox), next(outbox), next(outbox))));
        outbox.send(Message.json("reply/last", new byte[0]));
        assertEquals("reply/last", next(outbox).topic());
    }

    @Test
    void dropsNewObservationRatherThanWaitingEvents() throws InterruptedException {
        DeviceOutbox outbox = outbox(400);
        outbox.event("a", Map.of());
        outbox.event("b", Map.of());
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        assertEquals("dwr/311/7/event/a", next(outbox).topic());
        assertEquals("dwr/311/7/event/b", next(outbox).topic());
    }

    @Test
    void neverDropsWhatATransportTook() throws InterruptedException {
        DeviceOutbox outbox = outbox(2 * ONE);
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        outbox.observation("hardware/load", NOW, Map.of("n", 1), false);
        Parcel first = outbox.take();
        Parcel second = outbox.take();
        outbox.observation("hardware/load", NOW, Map.of("n", 2), false);
        first.returned();
        second.returned();
        assertEquals(List.of(0L, 1L), List.of(n(next(outbox)), n(next(outbox))));
    }

    @Test
    void messageLargerThanTheWholeOutboxDropsNothingElse() throws InterruptedException {
        DeviceOutbox outbox = outbox(2 * ONE);
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        outbox.send(Message.json("reply/huge", new byte[(int) (2 * ONE)]));
        assertEquals(0, n(next(outbox)));
    }

    @Test
    void tellsWhatWasDroppedOnceThereIsRoom() throws InterruptedException {
        DeviceOutbox outbox = outbox(10 * ONE);
        for (int i = 0; i < 14; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        }
        for (int i = 0; i < 3; i++) {
            outbox.take().acknowledged();
        }
        Message told = next(outbox);
        assertEquals("dwr/311/7/event/outbox", told.topic());
        assertEquals(
                "{\"at\":\"2026-03-01T12:00:00.250Z\",\"dropped\":4,\"observations\":4,\"events\":0,\"replies\":0}",
                text(told));
        assertEquals(Optional.of("15"), told.properties().first("seq"));
    }

    @Test
    void tellsLossesAtMostEveryTenSecondsAndLosesNoCount() throws InterruptedException {
        DeviceOutbox outbox = outbox(10 * ONE);
        fill(outbox);
        assertEquals(1, dropped(emptied(outbox)));
        fill(outbox);
        assertEquals(0, dropped(emptied(outbox)), "too early");
        fill(outbox);
        assertEquals(0, dropped(emptied(outbox)), "still too early");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        outbox.event("later", Map.of());
        assertEquals(2, dropped(emptied(outbox)));
    }

    @Test
    void countsAndTellsWhatTheBrokerWillNeverTake() throws InterruptedException {
        DeviceOutbox outbox = outbox(100 * ONE);
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        outbox.event("alarm", Map.of());
        outbox.take().refused("packet too large");
        Message told = next(outbox);
        assertEquals("dwr/311/7/event/outbox", told.topic());
        assertEquals(1, Json.read(told.payload()).integer("events", 0, 9));
        assertEquals(0, n(next(outbox)), "others go on");
    }

    @Test
    void doesNotTellForEverThatNewsOfItsLossesIsRefusedToo() throws InterruptedException {
        DeviceOutbox outbox = outbox(100 * ONE);
        outbox.event("alarm", Map.of());
        outbox.take().refused("packet too large");
        outbox.take().refused("packet too large");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        assertEquals(0, n(next(outbox)));
    }

    @Test
    void smallerBoundHoldsAtOnce() throws InterruptedException {
        DeviceOutbox outbox = outbox(10 * ONE);
        for (int i = 0; i < 6; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", i), false);
        }
        outbox.modified(settings(2 * ONE, 10));
        assertEquals(4, n(next(outbox)));
    }

    @Test
    void refusesBoundOfNothing() {
        DeviceOutbox outbox = outbox(ONE);
        String message = assertThrows(IllegalArgumentException.class, () -> outbox.modified(settings(0, 10)))
                .getMessage();
        assertTrue(message.contains("bytes must be 1 or more"), message);
    }

    /** To the last byte of ten observations; the next loses one. */
    private static void fill(DeviceOutbox outbox) {
        for (int i = 0; i < 10; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        }
    }

    private static long dropped(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.topic().endsWith("/event/outbox"))
                .mapToLong(message -> Json.read(message.payload()).integer("dropped", 0, 1000))
                .sum();
    }

    private static DeviceOutbox.Settings settings(long bytes, int seconds) {
        return new DeviceOutbox.Settings() {
            @Override
            public long bytes() {
                return bytes;
            }

            @Override
            public int seconds() {
                return seconds;
            }

            @Override
            public int drain() {
                return 0;
            }

            @Override
            public long tail() {
                return 0;
            }

            @Override
            public Class<DeviceOutbox.Settings> annotationType() {
                return DeviceOutbox.Settings.class;
            }
        };
    }
}
