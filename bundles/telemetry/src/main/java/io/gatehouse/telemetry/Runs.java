package io.gatehouse.telemetry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The runs that go on: of one collector at most one at a time, also when it was registered anew meanwhile, and no more at
 * once than the bounds allow. Belongs to the {@link Rounds}, and is called under their lock.
 */
final class Runs {
    private static final Logger LOG = System.getLogger(Runs.class.getName());

    private final Bounds bounds;
    private final Accounts accounts;
    private final Set<Run> underWay = new LinkedHashSet<>();
    private int abandoned;

    Runs(Bounds bounds, Accounts accounts) {
        this.bounds = bounds;
        this.accounts = accounts;
    }

    /** Whether a run of this collector may be added now. */
    boolean hasRoomFor(Job job, Quota quota) {
        // More threads that do not stop than are allowed for: each takes a worker's place.
        int busy = underWay.size() + Math.max(0, abandoned - bounds.abandoned());
        return busy < bounds.workers() && quota.running() < bounds.workersPerBundle() && quota.run(job.name) == null;
    }

    boolean isEmpty() {
        return underWay.isEmpty();
    }

    /** A run that a worker will {@link #begin}. */
    void add(Run run) {
        underWay.add(run);
        run.quota.began(run);
    }

    /** The run begins, on this thread; false where it was cancelled before. */
    boolean begin(Run run, Meter meter) {
        if (!underWay.contains(run)) {
            return false;
        }
        Thread thread = Thread.currentThread();
        run.meter = meter;
        run.atBegin = meter.of(thread.getId());
        run.thread = thread;
        run.limit = System.nanoTime() + run.job.deadline().toNanos();
        return true;
    }

    /** Whether the run was not cancelled before it began. */
    boolean isKnown(Run run) {
        return run.isAbandoned || underWay.contains(run);
    }

    /** The run ended, on this thread. */
    void end(Run run, boolean well) {
        long thread = Thread.currentThread().getId();
        Account account = accounts.of(run.job.owner.id());
        account.ran(run.meter.of(thread).since(run.atBegin), well);
        if (run.isAbandoned) {
            abandoned--;
            account.stopped(thread);
            run.quota.stopped(run.job.owner.revision());
        } else {
            underWay.remove(run);
            run.quota.ended(run);
        }
    }

    /**
     * Nothing is to come of the run any more. It is interrupted; for its collector's next run to begin it must have ended,
     * and it has its whole deadline for that.
     */
    void cancel(Run run, long now) {
        if (run.thread == null) {
            underWay.remove(run);
            run.quota.ended(run);
        } else {
            interrupt(run, run.thread, now);
        }
    }

    /** Interrupts the runs that are late; answers those that do not stop although they were interrupted. */
    List<Run> overdue(long now) {
        List<Run> late = underWay.stream()
                .filter(run -> run.thread != null && now - run.limit >= 0)
                .toList();
        List<Run> stuck = late.stream().filter(run -> run.isInterrupted).toList();
        late.forEach(run -> interrupt(run, Objects.requireNonNull(run.thread), now));
        return stuck;
    }

    private void interrupt(Run run, Thread thread, long now) {
        if (!run.isInterrupted) {
            run.isInterrupted = true;
            run.limit = now + Math.max(run.limit - now, bounds.grace().toNanos());
            thread.interrupt();
        }
    }

    /** Gives up a run that does not stop: its thread is left alone, its collector hung. */
    void abandon(Run run) {
        underWay.remove(run);
        run.isAbandoned = true;
        run.quota.hung(run, bounds.abandonedPerBundle());
        long thread = Objects.requireNonNull(run.thread).getId();
        accounts.of(run.job.owner.id()).abandoned(thread, run.meter, run.atBegin);
        abandoned++;
        if (abandoned == bounds.abandoned()) {
            LOG.log(Level.ERROR, "{0} collectors do not stop; more will slow down telemetry", abandoned);
        }
    }

    /** When {@link #overdue} has something to do, at the latest after this long; nanoseconds. */
    long untilOverdue(long now, long longest) {
        long wait = longest;
        for (Run run : underWay) {
            if (run.thread != null) {
                wait = Math.min(wait, run.limit - now);
            }
        }
        return wait;
    }
}
