package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.store.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When what is written. */
final class WritingTest extends WithDepot {
    @Test
    void syncedIsOnFlash() throws IOException {
        store().line("events").append(bytes("fault"));
        store().sync();

        assertEquals(List.of("fault"), texts(found().line("events")));
    }

    @Test
    void unsyncedIsOnFlashOnceItsTimeIsUp() throws IOException {
        store().put("k", bytes("1"));

        assertEquals(Set.of(), found().keys());
        assertEquals(List.of(Duration.ofSeconds(10)), delays);
        timePasses();
        assertEquals(Set.of("k"), found().keys());
        assertEquals(List.of(), due);
    }

    @Test
    void eachChangeIsOnFlashAtOnceWhereNoTimeIsSet() throws IOException {
        open(folder(), limits(MIB, 0));
        store().put("k", bytes("1"));

        assertEquals(Set.of("k"), found().keys());
        store().remove("k");
        assertEquals(Set.of(), found().keys());
        assertEquals(List.of(), due);
    }

    @Test
    void manyChangesDoNotWaitForTheirTime() throws IOException {
        Line line = store().line("observations");
        for (int i = 0; i < Writer.MANY / 1000 + 1; i++) {
            line.append(new byte[1000]);
        }

        assertTrue(found().line("observations").count() > 50);
    }

    @Test
    void whatIsAcknowledgedBeforeItsTimeIsNeverWritten() throws IOException {
        Line line = store().line("observations");
        for (int i = 0; i < 10_000; i++) {
            line.remove(line.append(new byte[200]));
        }
        timePasses();

        assertEquals(0, bytesOnFlash(folder()));
    }

    @Test
    void acknowledgedInOrderCostsLittle() throws IOException {
        Line line = store().line("observations");
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            numbers.add(line.append(new byte[200]));
        }
        line.append(new byte[200]);
        store().sync();
        long before = bytesOnFlash(folder());
        numbers.forEach(line::remove);
        store().sync();

        assertTrue(bytesOnFlash(folder()) - before < 100, "bytes that 200 acknowledgements took");
        assertEquals(1, found().line("observations").count());
    }

    @Test
    void anInterruptEndsNothing() throws IOException {
        Thread.currentThread().interrupt();
        try {
            store().put("k", bytes("1"));
            store().sync();
            assertEquals(Optional.of("1"), store().get("k").map(String::new));
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt is still there for whoever waits next");
        }
        store().put("l", bytes("2"));
        store().sync();
        assertEquals(Set.of("k", "l"), found().keys());
    }

    @Test
    void thoseWhoSyncAtTheSameTimeShareWrites() throws Exception {
        AtomicInteger syncs = new AtomicInteger();
        open(folder(), LIMITS, file -> new FaultySink(Sink.file(file)) {
            @Override
            public void sync() throws IOException {
                syncs.incrementAndGet();
                super.sync();
            }
        });
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                Line line = store().line("line-" + thread);
                ends.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        line.append(bytes("x" + i));
                        depot.sync();
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertTrue(syncs.get() >= 50 && syncs.get() <= 400, "writes for 400 syncs: " + syncs);
        for (int thread = 0; thread < 8; thread++) {
            assertEquals(50, found().line("line-" + thread).count());
        }
    }
}
