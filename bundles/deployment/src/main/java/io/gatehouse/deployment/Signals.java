package io.gatehouse.deployment;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.Verdict;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the reconciler's thread is told by others. What is wanted comes out when it has been quiet for a while and no change
 * goes on, and then only the last of it; news of a change come out at once.
 */
final class Signals {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Duration quiet;
    private final Deque<Signal> news = new ArrayDeque<>();
    private @Nullable List<Desired> latest;
    private boolean isPending;
    private boolean isForced;
    private long pendingSince;
    private long quietSince;
    private boolean isChanging;
    private long changingUntil;

    /** One thing to act on. */
    sealed interface Signal permits Signal.Wanted, Signal.Begun, Signal.Ended {
        /**
         * All that is wanted now.
         *
         * @param forced whether it is tried also where it was tried in vain before
         */
        record Wanted(List<Desired> all, boolean forced) implements Signal {}

        /** A change came to a step. */
        record Begun(ChangeWatcher.Step step) implements Signal {}

        /** A change ended. */
        record Ended(Verdict verdict) implements Signal {}
    }

    Signals(Duration quiet) {
        this.quiet = quiet;
    }

    synchronized void wanted(List<Desired> all) {
        latest = List.copyOf(all);
        pend();
    }

    /** What is wanted comes out again. */
    synchronized void again(boolean forced) {
        isForced = isForced || forced;
        pend();
    }

    synchronized void begun(ChangeWatcher.Step step) {
        isChanging = true;
        changingUntil = Long.MAX_VALUE;
        news.add(new Signal.Begun(step));
        notifyAll();
    }

    synchronized void ended(Verdict verdict) {
        isChanging = false;
        news.add(new Signal.Ended(verdict));
        notifyAll();
    }

    /** A change goes on; should nothing be heard of it for this long, it is taken to be over. */
    synchronized void changing(Duration atMost) {
        isChanging = true;
        changingUntil = System.nanoTime() + atMost.toNanos();
    }

    synchronized boolean isChanging() {
        return isChanging;
    }

    /** Whether what came out last is not the last that is wanted. */
    synchronized boolean isPending() {
        return isPending;
    }

    /** All that is wanted now; nothing where nobody said so yet. */
    synchronized Optional<List<Desired>> latest() {
        return Optional.ofNullable(latest);
    }

    /** Waits for something to act on. */
    synchronized Signal next() throws InterruptedException {
        while (true) {
            Signal told = news.poll();
            if (told != null) {
                return told;
            }
            long wait = untilWanted(System.nanoTime());
            if (wait <= 0 && latest != null) {
                Signal wanted = new Signal.Wanted(latest, isForced);
                isPending = false;
                isForced = false;
                return wanted;
            }
            if (wait == Long.MAX_VALUE) {
                wait();
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, wait);
            }
        }
    }

    private void pend() {
        long now = System.nanoTime();
        if (!isPending) {
            isPending = true;
            pendingSince = now;
        }
        quietSince = now;
        notifyAll();
    }

    private long untilWanted(long now) {
        if (!isPending || latest == null) {
            return Long.MAX_VALUE;
        }
        if (isChanging) {
            if (changingUntil == Long.MAX_VALUE) {
                return Long.MAX_VALUE;
            }
            if (changingUntil - now > 0) {
                return changingUntil - now;
            }
            isChanging = false;
        }
        long quietAt = quietSince + quiet.toNanos();
        long latestAt = pendingSince + LONGEST_WAIT.toNanos();
        return Math.min(quietAt - now, latestAt - now);
    }
}
