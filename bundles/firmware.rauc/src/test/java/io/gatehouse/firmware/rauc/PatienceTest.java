package io.gatehouse.firmware.rauc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class PatienceTest {
    private final AtomicInteger waits = new AtomicInteger();

    @Test
    void keepsAnInterruptUntilItEnded() throws Exception {
        try (Patience patience = Patience.toTheEnd()) {
            assertEquals("done", patience.wait(until -> interruptedOnce(Optional.of("done"))));
            assertThrows(InterruptedException.class, patience::end);
        }
        assertFalse(Thread.interrupted(), "the exception told of it");
    }

    @Test
    void leavesTheInterruptWhereSomethingElseEndsIt() {
        assertThrows(IOException.class, () -> {
            try (Patience patience = Patience.toTheEnd()) {
                patience.wait(until -> interruptedOnce(Optional.empty()));
            }
        });
        assertTrue(Thread.interrupted());
    }

    @Test
    void waitsNotForEverWhatIsNoLongerWanted() throws Exception {
        long began = System.nanoTime();
        try (Patience patience = new Patience(Duration.ofHours(2), Duration.ofMinutes(10))) {
            long until = patience.wait(nanoTime -> interruptedOnce(Optional.of(nanoTime)));
            assertTrue(until - began < Duration.ofMinutes(11).toNanos());
            assertThrows(InterruptedException.class, patience::end);
        }
    }

    @Test
    void isOverAtOnceWhereNothingOfThisSideIsWritten() {
        Patience patience = Patience.untilInterrupted();
        assertThrows(InterruptedException.class, () -> patience.wait(until -> interruptedOnce(Optional.of("done"))));
        assertEquals(1, waits.get());
    }

    private <T> Optional<T> interruptedOnce(Optional<T> then) throws InterruptedException {
        if (waits.getAndIncrement() == 0) {
            throw new InterruptedException("no longer wanted");
        }
        return then;
    }
}
