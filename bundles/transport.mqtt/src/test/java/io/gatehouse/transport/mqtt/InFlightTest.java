package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InFlightTest {
    private static final int WINDOW = 40;

    private final List<Boolean> crowded = new CopyOnWriteArrayList<>();
    private final InFlight inFlight = new InFlight(crowded::add);

    @Test
    void goesOnWhenOneOfAFullWindowIsAcknowledged() throws Exception {
        fill(WINDOW);
        CompletableFuture<Void> waiting = waiting();
        inFlight.remove(1);
        waiting.get(5, TimeUnit.SECONDS);
    }

    @Test
    void hasPacketsGatherWhileTheWindowIsFullUntilItIsNearlyEmpty() throws Exception {
        fill(WINDOW - 1);
        inFlight.awaitRoom();
        assertEquals(List.of(), crowded);
        inFlight.add(new Nothing());
        CompletableFuture<Void> waiting = waiting();
        for (int number = 1; number < 30; number++) {
            inFlight.remove(number);
        }
        waiting.get(5, TimeUnit.SECONDS);
        assertEquals(List.of(true), crowded);
        inFlight.remove(30);
        assertEquals(List.of(true, false), crowded);
    }

    @Test
    void hasNothingGatherInASmallWindow() throws Exception {
        inFlight.bound(2, Long.MAX_VALUE);
        inFlight.add(new Nothing());
        inFlight.add(new Nothing());
        CompletableFuture<Void> waiting = waiting();
        inFlight.remove(1);
        waiting.get(5, TimeUnit.SECONDS);
        assertEquals(List.of(), crowded);
    }

    @Test
    void stopsWaitingWhereTheOldestIsNotAcknowledgedForTooLong() throws Exception {
        inFlight.bound(2, Duration.ofMillis(50).toNanos());
        inFlight.add(new Nothing());
        inFlight.add(new Nothing());
        assertFalse(inFlight.awaitRoom());
        inFlight.remove(2);
        assertFalse(inFlight.awaitRoom(), "another that arrived does not help it");
    }

    @Test
    void goesOnWaitingAsLongAsOneAfterTheOtherIsAcknowledged() throws Exception {
        inFlight.bound(10, Duration.ofMillis(500).toNanos());
        for (int number = 1; number <= 9; number++) {
            inFlight.add(new Nothing());
        }
        for (int number = 1; number <= 9; number++) {
            long acknowledge = number;
            long before = System.nanoTime();
            await().pollInterval(Duration.ofMillis(10)).until(() -> System.nanoTime() - before > 100_000_000);
            inFlight.remove(acknowledge);
            assertTrue(inFlight.awaitRoom(), "after " + number + " of 9");
        }
    }

    private void fill(int count) {
        inFlight.bound(WINDOW, Long.MAX_VALUE);
        for (int i = 0; i < count; i++) {
            inFlight.add(new Nothing());
        }
    }

    private CompletableFuture<Void> waiting() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                inFlight.awaitRoom();
                done.complete(null);
            } catch (InterruptedException e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return done;
    }

    private record Nothing() implements Parcel {
        @Override
        public Message message() {
            throw new AssertionError("nobody asks");
        }

        @Override
        public void acknowledged() {}

        @Override
        public void returned() {}

        @Override
        public void refused(String why) {}
    }
}
