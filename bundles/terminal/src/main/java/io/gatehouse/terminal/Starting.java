package io.gatehouse.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The start of a terminal's program, on the thread that makes this. An end that comes meanwhile overtakes it: it interrupts the start, and
 * waits until nothing of it is left, or all of it is there. Thread-safe.
 */
final class Starting {
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable Thread thread = Thread.currentThread();

    /** It can wait no longer: its thread, which calls this, is not interrupted from now on, and not by what came before. */
    synchronized void settle() {
        thread = null;
        Thread.interrupted();
    }

    /** All of it is there, or nothing is left. */
    void over() {
        over.countDown();
    }

    /**
     * Has it end soon, where it may still wait.
     *
     * @return whether it is over
     */
    boolean overtake(Duration patience) throws InterruptedException {
        synchronized (this) {
            if (thread != null) {
                thread.interrupt();
            }
        }
        return over.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
