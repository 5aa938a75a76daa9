package io.gatehouse.outbox;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Has what is in memory written when it waited for as long as it may, or when it became much. Thread-safe. */
final class Flusher {
    /** So much is appended while the lock is held. */
    private static final int BLOCK = 32 << 10;

    /** What is younger may be about to leave. */
    private static final Duration YOUNG = Duration.ofSeconds(1);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Keeper keeper;
    private final Waiting waiting;
    private final ReentrantLock lock;
    private final LongSupplier nanos;
    private final Later later;
    /** Held while something is written. */
    private final ReentrantLock writing = new ReentrantLock();

    // guarded by lock
    private Duration within;
    private boolean scheduled;
    private boolean stopped;

    Flusher(Keeper keeper, Waiting waiting, ReentrantLock lock, LongSupplier nanos, Later later, Duration within) {
        this.keeper = keeper;
        this.waiting = waiting;
        this.lock = lock;
        this.nanos = nanos;
        this.later = later;
        this.within = within;
    }

    /** From now on this long. With the lock. */
    void within(Duration time) {
        within = time;
    }

    /** With the lock. */
    void stop() {
        stopped = true;
    }

    /** Sees to it that what is in memory is written in time. With the lock. */
    void schedule() {
        if (!scheduled && !stopped && waiting.bytes() > 0) {
            scheduled = true;
            long waited = waiting.memory(Rank.OBSERVATION)
                    .oldest()
                    .map(oldest -> nanos.getAsLong() - oldest.since())
                    .orElse(0L);
            Duration left = within.minusNanos(waited);
            later.after(left.compareTo(AGAIN) < 0 ? AGAIN : left, this::timeIsUp);
        }
    }

    /** Writes all observations that are in memory, unless somebody does and there is room enough meanwhile. Without the lock. */
    void relieve() {
        if (isFull()) {
            writing.lock();
        } else if (!writing.tryLock()) {
            return;
        }
        try {
            write(nanos.getAsLong());
        } finally {
            writing.unlock();
        }
    }

    private void timeIsUp() {
        long now = nanos.getAsLong();
        long observations;
        lock.lock();
        try {
            scheduled = false;
            boolean due = waiting.memory(Rank.OBSERVATION)
                    .oldest()
                    .filter(oldest -> now - oldest.since() >= within.toNanos())
                    .isPresent();
            Duration young = within.compareTo(YOUNG) < 0 ? within : YOUNG;
            observations = now - (due ? young.toNanos() : Long.MAX_VALUE / 2);
        } finally {
            lock.unlock();
        }
        writing.lock();
        try {
            write(observations);
        } finally {
            writing.unlock();
        }
        lock.lock();
        try {
            schedule();
        } finally {
            lock.unlock();
        }
    }

    /** Writes observations that were put no later than then, and all else. */
    private void write(long observations) {
        boolean more = true;
        while (more) {
            boolean something;
            lock.lock();
            try {
                something = !stopped && waiting.bytes() > 0;
                more = something && keep(observations);
            } finally {
                lock.unlock();
            }
            if (something) {
                keeper.sync();
            }
        }
    }

    private boolean keep(long observations) {
        boolean more = keeper.keep(Rank.ANSWER, nanos.getAsLong(), BLOCK);
        more |= keeper.keep(Rank.EVENT, nanos.getAsLong(), BLOCK);
        more |= keeper.keep(Rank.OBSERVATION, observations, BLOCK);
        return more;
    }

    private boolean isFull() {
        lock.lock();
        try {
            return waiting.bytes() > Room.MEMORY;
        } finally {
            lock.unlock();
        }
    }
}
