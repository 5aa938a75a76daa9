package io.gatehouse.acceptance;

import java.time.Duration;

/** Of whoever serves an artifact; who died is there again after a while, and knows nothing of what it was asked before. */
final class Deaths {
    private static final long DEAD = Duration.ofSeconds(1).toNanos();
    private static final int TENTHS = 10;

    private int count;
    private long died;

    /** Whether it sends nothing of what is asked for now, or dies before it sends this. */
    synchronized boolean isDead(long offset, long size) {
        long now = System.nanoTime();
        if (count > 0 && now - died < DEAD) {
            return true;
        }
        if (count < TENTHS - 1 && offset >= size * (count + 1) / TENTHS) {
            count++;
            died = now;
            return true;
        }
        return false;
    }

    synchronized int count() {
        return count;
    }
}
