package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BacklogTest {
    private static final int PIECE = 8 * 1024;

    private final Backlog backlog = new Backlog(4 * PIECE, 2 * Backlog.LOAN);
    private final AtomicInteger put = new AtomicInteger();

    @Test
    void makesWhoPutsWaitWhileItIsFullAndLendsRoomForEachInputUpToABound() throws Exception {
        Thread flood = flood();
        holds(4);
        backlog.lend();
        holds(8);
        backlog.lend();
        holds(12);
        backlog.lend();
        holds(12);
        for (int taken = 0; taken < 10; taken++) {
            assertEquals(PIECE, backlog.take().orElseThrow().length);
        }
        holds(14);
        backlog.end();
        flood.join();
    }

    @Test
    void givesAllThatWasPutBeforeItsEnd() throws Exception {
        backlog.put(new byte[] {1});
        backlog.put(new byte[0]);
        backlog.end();
        backlog.put(new byte[] {2});
        assertArrayEquals(new byte[] {1}, backlog.take().orElseThrow());
        assertEquals(Optional.empty(), backlog.take());
    }

    private Thread flood() {
        Thread flood = new Thread(() -> {
            try {
                for (int at = 0; at < 100; at++) {
                    backlog.put(new byte[PIECE]);
                    put.incrementAndGet();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        flood.start();
        return flood;
    }

    private void holds(int pieces) {
        await().during(java.time.Duration.ofMillis(200)).until(() -> put.get() == pieces);
    }
}
