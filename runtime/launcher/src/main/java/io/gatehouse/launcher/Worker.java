package io.gatehouse.launcher;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls other people's code, each job on a thread that is interrupted at its deadline and left behind where that does not
 * help. A thread a job: they are few, and none is kept while there is nothing to do.
 */
final class Worker {
    /** Time to come back when interrupted. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private volatile Activity activity = Activity.NONE;

    /** When who calls this goes on at last. In the past, it does something itself since then. */
    private volatile Deadline due = Deadline.in(Duration.ZERO);

    /** A job, which says with {@link #doing} at what it is. */
    interface Job<T> {
        T run() throws ChangeFailed, InterruptedException;
    }

    /** What {@link #idle} waits for. */
    interface Waiting<T> {
        T await() throws InterruptedException;
    }

    private record Activity(String hungType, String words) {
        static final Activity NONE = new Activity("hung", "nothing in particular");
    }

    /**
     * Says what is done now, so that it can be named where it does not end.
     *
     * @param hungType the type of a verdict then
     */
    void doing(String hungType, String words) {
        activity = new Activity(hungType, words);
    }

    /**
     * Does a job.
     *
     * @throws ChangeFailed where the job failed, or came back only when it was interrupted
     * @throws Hung where it did not come back at all
     */
    <T> T call(Deadline deadline, Job<T> job) throws ChangeFailed, Hung, InterruptedException {
        activity = Activity.NONE;
        due = deadline;
        FutureTask<T> task = new FutureTask<>(job::run);
        Thread thread = new Thread(task, "gatehouse-launcher");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(Math.max(0, deadline.nanosLeft()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException late) {
            Activity at = activity;
            thread.interrupt();
            String words = at.words() + " took longer than it may";
            if (!comesBack(task)) {
                throw new Hung(at.hungType(), words + ", and does not end");
            }
            throw new ChangeFailed(at.hungType(), words);
        } finally {
            due = Deadline.in(Duration.ZERO);
        }
    }

    /** Waits for what may come at any time, or never. */
    <T> T idle(Waiting<T> waiting) throws InterruptedException {
        due = Deadline.never();
        try {
            return waiting.await();
        } finally {
            due = Deadline.in(Duration.ZERO);
        }
    }

    /**
     * Whether who calls this waits for a job whose deadline has not passed, or for what may come at any time; may be asked by any
     * thread.
     *
     * @param late for how long it may do neither, and how late it may be
     */
    boolean isInTime(Duration late) {
        return due.nanosLeft() > -late.toNanos();
    }

    private static boolean comesBack(FutureTask<?> task) throws InterruptedException {
        try {
            task.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static ChangeFailed failure(Throwable cause) {
        return cause instanceof ChangeFailed failed
                ? failed
                : new ChangeFailed("failed", "the framework or a bundle's code failed", cause);
    }
}
