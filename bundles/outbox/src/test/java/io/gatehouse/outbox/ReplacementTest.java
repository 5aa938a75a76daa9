package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.api.message.UserProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The outbox is replaced by another, in the same process or after it, while messages wait or are on their way. */
class ReplacementTest extends WithOutbox {
    @Test
    void nextOutboxOfTheSameProcessGoesOnWithMessagesAndNumbers() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("hardware/load", EARLIER, Map.of("n", 1), false);
        outbox.observation("hardware/load", NOW, Map.of("n", 2), false);
        outbox.report("feature", Map.of("n", 3));
        outbox.send(new Message(
                "reply/x",
                new byte[] {9},
                "text/plain",
                false,
                new Message.Exchange(Optional.of("reply/y"), Optional.of(new byte[] {7})),
                Optional.of(Duration.ofSeconds(60)),
                UserProperties.none().and("offset", "1")));
        outbox.take().returned();
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());

        DeviceOutbox next = replaced();
        next.report("feature", Map.of("n", 4));
        next.event("e", Map.of());
        Message reply = next(next);
        assertEquals("reply/x", reply.topic());
        assertEquals("text/plain", reply.contentType());
        assertEquals(Optional.of(Duration.ofSeconds(40)), reply.expiry());
        assertEquals(Optional.of("reply/y"), reply.responseTopic());
        assertArrayEquals(new byte[] {7}, reply.correlation().orElseThrow());
        assertEquals(Optional.of("1"), reply.properties().first("offset"));
        assertEquals(4, n(next(next)), "a report that was left gives way to a newer one");
        assertEquals(Optional.of("3"), seq(next(next)), "of the event");
        assertEquals(List.of(1L, 2L), List.of(n(next(next)), n(next(next))));
    }

    @Test
    void numbersGoOnWhereNothingWaits() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.event("a", Map.of());
        outbox.take().acknowledged();
        DeviceOutbox next = replaced();
        next.event("b", Map.of());
        assertEquals(Optional.of("2"), seq(next(next)));
    }

    @Test
    void whatAnotherProcessLeftKeepsItsBootAndNumberAndOursBeginAnew() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/b", NOW, Map.of("n", 1), true);
        outbox.event("e", Map.of());
        DeviceOutbox next = restarted();
        next.observation("a/b", NOW, Map.of("n", 2), false);
        List<String> all = new ArrayList<>();
        for (Message message : emptied(next)) {
            UserProperties properties = message.properties();
            all.add(message.topic() + " " + properties.first("boot").orElseThrow() + " "
                    + seq(message).orElseThrow());
        }
        assertEquals(
                List.of(
                        "dwr/311/7/event/e " + BOOT + " 2",
                        "dwr/311/7/a/b " + BOOT + " 1",
                        "world/asia/b " + BOOT + " 1",
                        "dwr/311/7/a/b " + NEXT_BOOT + " 1"),
                all);
    }

    @Test
    void killedProcessLosesNoReplyReportOrEventAndObservationsOfTheLastSecondsOnly() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/old", NOW, Map.of(), false);
        pass(Duration.ofSeconds(5));
        outbox.observation("a/younger", NOW, Map.of(), false);
        outbox.take();
        pass(Duration.ofSeconds(5));
        outbox.observation("a/lost", NOW, Map.of(), false);
        outbox.send(Message.json("reply/x", new byte[0]));
        outbox.report("feature", Map.of());
        outbox.event("e", Map.of());
        assertEquals(
                List.of("reply/x", "reported/feature", "event/e", "a/old", "a/younger"), topics(emptied(killed())));
    }

    @Test
    void eachObservationIsOnFlashAtOnceWhereThatIsAskedFor() throws Exception {
        DeviceOutbox outbox = outbox(Limits.of(1 << 20, 0, 0, 0));
        outbox.observation("a/b", NOW, Map.of(), true);
        assertEquals(List.of("a/b", "world/asia/b"), topics(emptied(killed())));
    }

    @Test
    void whatWaitsAndWhatComesIsOnFlashWhereTheProcessIsAboutToBeEnded() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/before", NOW, Map.of(), false);
        outbox.keepAll();
        outbox.observation("a/after", NOW, Map.of(), false);
        assertEquals(List.of("a/before", "a/after"), topics(emptied(killed())));
    }

    @Test
    void whatIsAcknowledgedInTimeIsNeverWritten() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int i = 0; i < 100; i++) {
            outbox.observation("a/b", NOW, Map.of("n", i), false);
            Parcel parcel = outbox.take();
            pass(Duration.ofSeconds(1));
            parcel.acknowledged();
        }
        outbox.send(Message.json("dwr/311/7/artifact/get", new byte[0]).expiring(Duration.ofSeconds(60)));
        outbox.send(Message.json("reply/x", new byte[0]).expiring(Duration.ofSeconds(10)));
        pass(Duration.ofSeconds(60));
        assertEquals(0, written());
    }

    @Test
    void whatIsOfUseForSecondsIsForTheSameProcessAlone() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.send(Message.json("dwr/311/7/artifact/get", new byte[0]).expiring(Duration.ofSeconds(60)));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        DeviceOutbox next = replaced();
        Parcel request = next.take();
        assertEquals(Optional.of(Duration.ofSeconds(59)), request.message().expiry());
        request.returned();
        assertEquals(List.of(), topics(emptied(restarted())));
    }

    @Test
    void nextOutboxSendsAgainInOrderWhatWasOnItsWay() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int n = 1; n <= 4; n++) {
            outbox.observation("hardware/load", NOW, Map.of("n", n), false);
        }
        Parcel lost = outbox.take();
        outbox.take().acknowledged();
        Parcel late = outbox.take();
        DeviceOutbox next = replaced();
        late.acknowledged();
        lost.returned();
        next.observation("hardware/load", NOW, Map.of("n", 5), false);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Message message = next(next);
            numbers.add(n(message) + " as " + seq(message).orElseThrow());
        }
        assertEquals(List.of("1 as 1", "3 as 3", "4 as 4", "5 as 5"), numbers);
    }

    @Test
    void returnedAfterItWasWrittenItTakesItsOldPlace() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int n = 1; n <= 4; n++) {
            outbox.observation("hardware/load", NOW, Map.of("n", n), false);
        }
        Parcel first = outbox.take();
        Parcel second = outbox.take();
        Parcel third = outbox.take();
        pass(Duration.ofSeconds(10));
        outbox.observation("hardware/load", NOW, Map.of("n", 5), false);
        second.acknowledged();
        first.returned();
        third.returned();
        assertEquals(
                List.of(1L, 3L, 4L, 5L),
                emptied(outbox).stream().map(WithOutbox::n).toList());
    }

    @Test
    void reportOnItsWayIsNotSentAgainAfterANewerOne() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("n", 1));
        outbox.take();
        outbox.report("feature", Map.of("n", 2));
        outbox.take().acknowledged();
        outbox.event("last", Map.of());
        assertEquals("dwr/311/7/event/last", next(replaced()).topic());
    }

    @Test
    void expiryCountsOnInTheSameProcessAndBeginsAnewInAnother() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.send(Message.json("reply/a", new byte[0]).expiring(Duration.ofSeconds(20)));
        outbox.send(Message.json("reply/b", new byte[0]).expiring(Duration.ofSeconds(60)));
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        Parcel left = replaced().take();
        assertEquals("reply/b", left.message().topic());
        left.returned();
        assertEquals(Optional.of(Duration.ofSeconds(60)), next(restarted()).expiry());
    }

    @Test
    void oneLongPropertyDoesNotTakeAllWithIt() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        String text = "x".repeat(70_000);
        outbox.send(Message.json("reply/x", new byte[0]).with("long", text));
        assertEquals(Optional.of(text), next(replaced()).properties().first("long"));
    }

    @Test
    void whatWasDroppedAndNotToldIsToldByTheNext() throws Exception {
        DeviceOutbox outbox = outbox(3 * ONE);
        for (int i = 0; i < 5; i++) {
            outbox.observation("a/b", NOW, Map.of("n", i), false);
        }
        DeviceOutbox next = restarted();
        next.take().acknowledged();
        Parcel told = next.take();
        assertEquals("dwr/311/7/event/outbox", told.message().topic());
        assertTrue(text(told.message()).contains("\"dropped\":2"), text(told.message()));
        told.acknowledged();
        pass(Duration.ofSeconds(10));
        next.event("synced", Map.of());
        assertEquals(List.of("event/synced", "a/b", "a/b"), topics(emptied(killed())), "and not told again");
    }

    @Test
    void whoComesAfterTheEndIsToldRatherThanLost() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        replaced();
        String refusal = assertThrows(IllegalStateException.class, () -> outbox.event("late", Map.of()))
                .getMessage();
        assertEquals("this outbox was replaced: what is to go out is for the one after it", refusal);
        assertThrows(IllegalStateException.class, () -> outbox.report("late", Map.of()));
        assertThrows(IllegalStateException.class, () -> outbox.observation("a/late", NOW, Map.of(), false));
        assertThrows(IllegalStateException.class, () -> outbox.send(Message.json("reply/late", new byte[0])));
    }

    @Test
    void whoComesBeforeItKnowsItsNumbersWaits() throws Exception {
        outbox(LIMITS).event("a", Map.of());
        replaced().deactivate();
        DeviceOutbox next = unloaded(LIMITS);
        CompletableFuture<Void> put = CompletableFuture.runAsync(() -> next.event("b", Map.of()));
        next.load();
        put.get(5, TimeUnit.SECONDS);
        assertEquals(List.of(Optional.of("1"), Optional.of("2")), List.of(seq(next(next)), seq(next(next))));
    }

    @Test
    void recordsOfAnotherVersionArePassedOverAndCounted() throws Exception {
        outbox(LIMITS).event("a", Map.of());
        strange(new byte[] {99, 1, 2, 3});
        strange(new byte[] {1});
        DeviceOutbox next = replaced();
        next.event("b", Map.of());
        List<Message> all = emptied(next);
        assertEquals(List.of("event/a", "event/outbox", "event/b"), topics(all));
        assertTrue(text(all.get(1)).contains("\"events\":2"), text(all.get(1)));
    }

    private void strange(byte[] record) throws IOException {
        store().line("events").append(record);
    }
}
