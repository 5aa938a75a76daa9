package io.gatehouse.deployment;

import org.jspecify.annotations.Nullable;

/** Lets others interrupt a thread, but only where it allows it, and to end it. */
final class Interruptible {
    private @Nullable Thread allowing;
    private boolean isClosed;

    synchronized boolean isOpen() {
        return !isClosed;
    }

    /** From here on the calling thread may be interrupted. */
    synchronized void allowInterrupts() throws InterruptedException {
        if (isClosed) {
            throw new InterruptedException("closed");
        }
        allowing = Thread.currentThread();
    }

    /** From here on it may not; one that came too late is forgotten. */
    synchronized void forbidInterrupts() {
        allowing = null;
        Thread.interrupted();
    }

    synchronized void interrupt() {
        if (allowing != null) {
            allowing.interrupt();
        }
    }

    synchronized void close() {
        isClosed = true;
        interrupt();
    }
}
