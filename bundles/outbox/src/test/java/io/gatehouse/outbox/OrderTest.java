package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
    void newerReportReplacesOneThatWaits() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("n", 1));
        outbox.report("firmware", Map.of("n", 2));
        outbox.report("feature", Map.of("n", 3));
        outbox.event("last", Map.of());
        Message first = next(outbox);
        assertEquals("dwr/311/7/reported/firmware", first.topic());
        assertEquals(2, n(first));
        assertEquals(3, n(next(outbox)));
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
        outbox.send(Message.json("reply/short", new byte[0]).expiring(Duration.ofSeconds(20)));
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        Message message = next(outbox);
        assertEquals("reply/long", message.topic());
        assertEquals(Optional.of(Duration.ofSeconds(40)), message.expiry());
    }

    @Test
    void leavesExpiryOfCenturiesAsItIs() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        Duration centuries = Duration.ofSeconds(Long.MAX_VALUE);
        outbox.send(Message.json("reply/x", new byte[0]).expiring(centuries));
        assertEquals(Optional.of(centuries), next(outbox).expiry());
    }

    @Test
    void topicWithoutBacklogIsNotBehindOneThatHasSome() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int i = 0; i < 100; i++) {
            outbox.observation("a/slow", NOW, Map.of("n", i), false);
        }
        pass(Duration.ofSeconds(60));
        outbox.observation("a/slow", NOW, Map.of("n", 100), false);
        outbox.observation("a/fresh", NOW, Map.of("n", 7), false);

        List<Message> both = List.of(next(outbox), next(outbox));
        assertEquals(List.of("a/slow", "a/fresh"), topics(both));
        for (int i = 1; i <= 100; i++) {
            assertEquals(i, n(next(outbox)), "in order at its topic");
        }
    }

    @Test
    void backlogLeavesAtItsRateAndWhatIsFreshDoesNotWaitForIt() throws Exception {
        DeviceOutbox outbox = outbox(Limits.of(1 << 20, 10, 100, 0));
        for (int i = 0; i < 50; i++) {
            outbox.observation("a/slow", NOW, Map.of("n", i), false);
        }
        pass(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(5));
        for (int i = 0; i < 3; i++) {
            outbox.observation("a/fresh", NOW, Map.of("n", i), false);
        }
        List<Message> now = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            now.add(next(outbox));
        }
        assertEquals(3, now.stream().filter(m -> m.topic().endsWith("fresh")).count());
        CompletableFuture<Message> seventh = CompletableFuture.supplyAsync(() -> {
            try {
                return next(outbox);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThrows(java.util.concurrent.TimeoutException.class, () -> seventh.get(200, TimeUnit.MILLISECONDS));
        nanos.addAndGet(Duration.ofMillis(10).toNanos());
        assertEquals(6, n(seventh.get(5, TimeUnit.SECONDS)));
    }
}
