package io.gatehouse.tunnel.ssh;

import java.util.function.LongSupplier;

/**
 * How fast bytes go one way, all tunnels together: a bucket that fills at the rate, which may be overdrawn. Whoever wants more waits
 * until the debt is paid, so no byte is ever held for it. Thread-safe.
 */
final class Pace {
    /** The bucket holds what flows in a quarter of a second. */
    private static final long FILLS_PER_SECOND = 4;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private double balance;
    private long counted;

    /**
     * A pace.
     *
     * @param bytesPerSecond 0 is without limit
     */
    Pace(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.balance = (double) bytesPerSecond / FILLS_PER_SECOND;
        this.counted = nanoTime.getAsLong();
    }

    boolean isLimited() {
        return bytesPerSecond > 0;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** Counts bytes that went. */
    void take(long bytes) {
        if (isLimited()) {
            synchronized (this) {
                fill();
                balance -= bytes;
            }
        }
    }

    /** For how many nanoseconds no more may go; 0 where it may now. */
    long debtNanos() {
        if (!isLimited()) {
            return 0;
        }
        synchronized (this) {
            fill();
            return balance > 0 ? 0 : (long) ((1 - balance) * 1e9 / bytesPerSecond);
        }
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        balance =
                Math.min((double) bytesPerSecond / FILLS_PER_SECOND, balance + (now - counted) / 1e9 * bytesPerSecond);
        counted = now;
    }
}
