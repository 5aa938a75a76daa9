package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What leaves when. */
class OrderTest extends WithOutbox {
    @Test
    void letsRepliesAndReportsGoBeforeEventsAndThoseBeforeObservations() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/one", NOW, Map.of(), false);
        outbox.observation("a/two", NOW, Map.of(), false);
        outbox.event("three", Map.of());
        outbox.event("four", Map.of());
        outbox.send(Message.json("reply/five", new byte[0]));
        outbox.report("six", Map.of());
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String topic = next(outbox).topic();
            order.add(topic.substring(topic.lastIndexOf('/') + 1));
        }
        assertEquals(List.of("five", "six", "three", "four", "one", "two"), order);
    }

    @Test
    void returnedParcelsTakeTheirOldPlace() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int i = 0; i < 4; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", i), false);
        }
        Parcel first = outbox.take();
        Parcel second = outbox.take();
        Parcel third = outbox.take();
        third.returned();
        second.acknowledged();
        first.returned();
        assertEquals(List.of(0L, 2L, 3L), List.of(n(next(outbox)), n(next(outbox)), n(next(outbox))));
    }

    @Test
    void newerReportTakesThePlaceOfOneThatWaits() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("n", 1));
        outbox.report("firmware", Map.of("n", 2));
        outbox.report("feature", Map.of("n", 3));
        outbox.event("last", Map.of());
        Message first = next(outbox);
        assertEquals("dwr/311/7/reported/feature", first.topic());
        assertEquals(3, n(first));
        assertEquals(2, n(next(outbox)));
        assertEquals("dwr/311/7/event/last", next(outbox).topic());
    }

    @Test
    void returnedReportGivesWayToTheNewerOne() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("n", 1));
        Parcel older = outbox.take();
        outbox.report("feature", Map.of("n", 2));
        Parcel newer = outbox.take();
        newer.acknowledged();
        older.returned();
        outbox.report("feature", Map.of("n", 3));
        outbox.event("last", Map.of());
        assertEquals(3, n(next(outbox)));
        assertEquals("dwr/311/7/event/last", next(outbox).topic());
    }

    @Test
    void onlyTheFirstWordAboutAParcelCounts() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/one", NOW, Map.of(), false);
        Parcel parcel = outbox.take();
        parcel.acknowledged();
        parcel.returned();
        outbox.observation("a/two", NOW, Map.of(), false);
        assertEquals("dwr/311/7/a/two", next(outbox).topic());
    }

    @Test
    void takeWaitsUntilSomethingComes() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        CompletableFuture<Message> taken = new CompletableFuture<>();
        Thread taker = new Thread(() -> {
            try {
                taken.complete(outbox.take().message());
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        taker.start();
        while (taker.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        outbox.event("now", Map.of());
        assertEquals("dwr/311/7/event/now", taken.get(5, TimeUnit.SECONDS).topic());
    }

    @Test
    void interruptedTakerLosesNothing() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread taker = new Thread(() -> {
            try {
                outbox.take();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        taker.start();
        while (taker.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        taker.interrupt();
        assertTrue(interrupted.await(5, TimeUnit.SECONDS));
        outbox.event("now", Map.of());
        assertEquals("dwr/311/7/event/now", next(outbox).topic());
    }

    @Test
    void manyThreadsGetEveryNumberOnce() throws Exception {
        DeviceOutbox outbox = outbox(1 << 24);
        int threads = 4;
        int each = 500;
        for (int t = 0; t < threads; t++) {
            new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            outbox.observation("a/b", NOW, Map.of(), false);
                        }
                    })
                    .start();
        }
        Map<String, Boolean> seen = new ConcurrentHashMap<>();
        for (int i = 1; i <= threads * each; i++) {
            assertEquals(
                    Optional.of(Integer.toString(i)),
                    next(outbox).properties().first("seq"),
                    "numbers rise as they leave");
            seen.put(Integer.toString(i), true);
        }
        assertEquals(threads * each, seen.size());
    }

    @Test
    void forgetsWhatExpiredWhileItWaited() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.send(Message.json("reply/short", new byte[0]).expiring(Duration.ofSeconds(10)));
        outbox.send(Message.json("reply/long", new byte[0]).expiring(Duration.ofSeconds(60)));
        nanos.addAndGet(Duration.ofMillis(10_000).toNanos());
        Message message = next(outbox);
        assertEquals("reply/long", message.topic());
        assertEquals(Optional.of(Duration.ofSeconds(50)), message.expiry());
    }

    @Test
    void leavesExpiryOfCenturiesAsItIs() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        Duration centuries = Duration.ofSeconds(Long.MAX_VALUE);
        outbox.send(Message.json("reply/x", new byte[0]).expiring(centuries));
        assertEquals(Optional.of(centuries), next(outbox).expiry());
    }
}
