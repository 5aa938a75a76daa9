package io.gatehouse.dispatch;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Commands that came, and of which the outbox does not have the end yet. Thread-safe. */
final class Telling {
    private int underway;

    synchronized void begins() {
        underway++;
    }

    synchronized void ends() {
        underway--;
        notifyAll();
    }

    /** Waits until there are none, but no longer than this. */
    synchronized void awaitNone(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toNanos(); underway > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
