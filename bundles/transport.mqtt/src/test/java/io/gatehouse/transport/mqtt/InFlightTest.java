package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
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
        inFlight.acknowledge(1);
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
            inFlight.acknowledge(number);
        }
        waiting.get(5, TimeUnit.SECONDS);
        assertEquals(List.of(true), crowded);
        inFlight.acknowledge(30);
        assertEquals(List.of(true, false), crowded);
    }

    @Test
    void hasNothingGatherInASmallWindow() throws Exception {
        inFlight.bound(2);
        inFlight.add(new Nothing());
        inFlight.add(new Nothing());
        CompletableFuture<Void> waiting = waiting();
        inFlight.acknowledge(1);
        waiting.get(5, TimeUnit.SECONDS);
        assertEquals(List.of(), crowded);
    }

    private void fill(int count) {
        inFlight.bound(WINDOW);
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
    }
}
