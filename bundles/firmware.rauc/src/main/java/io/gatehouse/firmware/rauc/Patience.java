package io.gatehouse.firmware.rauc;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits for what RAUC does. An installation cannot be stopped: so that of this side keeps an interrupt until it ended. For one thread.
 */
final class Patience implements AutoCloseable {
    /** For an installation: what flash of a few hundred kilobytes a second takes for a gigabyte. */
    private static final Duration LONGEST = Duration.ofHours(2);

    /** From an interrupt on. */
    private static final Duration LAST = Duration.ofMinutes(10);

    private final Duration last;
    private long until;
    private boolean wasInterrupted;

    /** Waits as long as it takes, but not longer than that. */
    Patience(Duration longest, Duration last) {
        this.last = last;
        this.until = System.nanoTime() + longest.toNanos();
    }

    /** To the end of an installation, even where it is no longer wanted. */
    static Patience toTheEnd() {
        return new Patience(LONGEST, LAST);
    }

    /** To the end of what somebody else began, or an interrupt. */
    static Patience untilInterrupted() {
        return new Patience(LONGEST, Duration.ZERO);
    }

    /**
     * Waits for something.
     *
     * @throws IOException where it took too long, or of the wait
     */
    <T> T wait(Wait<T> wait) throws IOException, InterruptedException {
        while (true) {
            try {
                return wait.until(until)
                        .orElseThrow(() -> new IOException(
                                wasInterrupted
                                        ? "RAUC still installs what is no longer wanted"
                                        : "RAUC has been installing for too long"));
            } catch (InterruptedException e) {
                if (last.isZero()) {
                    throw e;
                }
                wasInterrupted = true;
                long now = System.nanoTime();
                until = now + Math.min(until - now, last.toNanos());
            }
        }
    }

    /** Nothing is waited for any more: tells of an interrupt now. */
    void end() throws InterruptedException {
        if (wasInterrupted) {
            wasInterrupted = false;
            throw new InterruptedException("no longer wanted; RAUC's installation has ended");
        }
    }

    /** An interrupt that was not told of stays one, where something else ended the wait. */
    @Override
    public void close() {
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits. */
    @FunctionalInterface
    interface Wait<T> {
        /**
         * Waits until then.
         *
         * @param nanoTime by {@link System#nanoTime}
         * @return what was waited for; empty where it did not come
         */
        Optional<T> until(long nanoTime) throws IOException, InterruptedException;
    }
}
