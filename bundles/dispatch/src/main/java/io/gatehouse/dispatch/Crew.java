package io.gatehouse.dispatch;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run commands: few, gone when idle. A thread that a handler does not give back, or not for long, is replaced, up to
 * a bound; beyond it commands wait, and are refused once too many do.
 */
final class Crew {
    static final int THREADS = 4;
    static final int WAITING = 32;
    private static final int MOST_LOST = 8;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThreadPoolExecutor threads;
    private int lost;

    Crew() {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(WAITING), work -> {
                    Thread thread = new Thread(work, "gatehouse-command-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs it on a thread of its own as soon as one is free; false where too many wait. */
    boolean take(Runnable work) {
        try {
            threads.execute(() -> {
                work.run();
                Thread.interrupted(); // a late interrupt was for this work, not for the next
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** A thread does not come back from its work, or not soon. */
    synchronized void lost() {
        lost++;
        size();
    }

    /** It came back after all. */
    synchronized void found() {
        lost--;
        size();
    }

    void stop() {
        threads.shutdownNow();
    }

    private void size() {
        int size = THREADS + Math.min(lost, MOST_LOST);
        if (size > threads.getMaximumPoolSize()) {
            threads.setMaximumPoolSize(size);
            threads.setCorePoolSize(size);
        } else {
            threads.setCorePoolSize(size);
            threads.setMaximumPoolSize(size);
        }
    }
}
