package io.gatehouse.telemetry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When a collector runs next: the first time at once, then at a fixed rate, more and more rarely while it fails. Times are
 * in nanoseconds of a clock that never goes back. Not for use by several threads.
 */
final class Schedule {
    /** The second run comes earlier by up to this part of the period, so that a fleet that starts as one drifts apart. */
    private static final double JITTER = 0.1;

    private static final int MOST_DOUBLINGS = 5;
    private static final long LONGEST_PAUSE = Duration.ofHours(1).toNanos();

    private final long period;
    private final DoubleSupplier random;
    private long due;
    private int begun;
    private int failures;

    /**
     * A schedule.
     *
     * @param random from 0 to 1
     */
    Schedule(Duration period, DoubleSupplier random) {
        this.period = period.toNanos();
        this.random = random;
    }

    /** When the first run is due. */
    void startAt(long first) {
        due = first;
    }

    long due() {
        return due;
    }

    /** A run begins; those that were missed meanwhile are not made up for. */
    void began(long now) {
        begun = Math.min(begun + 1, 2);
        if (begun == 1) {
            due = now + period - (long) (period * JITTER * random.getAsDouble());
        } else {
            due += (Math.max(0, now - due) / period + 1) * period;
        }
    }

    /** Whether no run but the first began. */
    boolean isFirst() {
        return begun <= 1;
    }

    /** A run ended. */
    void ended(boolean well, long now) {
        if (well) {
            failures = 0;
            return;
        }
        long pause = period << Math.min(failures, MOST_DOUBLINGS);
        failures++;
        due = Math.max(due, now + Math.max(period, Math.min(pause, LONGEST_PAUSE)));
    }
}
