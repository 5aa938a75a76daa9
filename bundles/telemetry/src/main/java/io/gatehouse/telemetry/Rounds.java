package io.gatehouse.telemetry;

import io.gatehouse.api.message.Outbox;
import io.gatehouse.telemetry.Answer.Failed;
import io.gatehouse.telemetry.Answer.Read;
import io.gatehouse.telemetry.Notices.State;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs collectors. One thread keeps the time; workers, which die when idle, run the collectors. A run that does not stop
 * is given up with its thread, and others go on in another.
 */
final class Rounds {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());
    private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(10);
    private static final int MOST_IDLE_QUOTAS = 128;
    private static final Answer CUT_SHORT = new Failed("its run was cut short; the log says why");

    private final Outbox outbox;
    private final Accounts accounts;
    private final Bounds bounds;
    private final Clock clock;
    private final Notices notices;
    private final Workers workers = new Workers();

    private final Set<Job> jobs = new LinkedHashSet<>();
    private final Set<Run> running = new LinkedHashSet<>();
    private final Map<Long, Quota> quotas = new HashMap<>();
    private int abandoned;
    private boolean isStarved;
    private boolean isChanged;
    private boolean isClosed;

    /** Nothing is run before {@link #start}. */
    Rounds(Outbox outbox, Accounts accounts, Bounds bounds, Clock clock) {
        this.outbox = outbox;
        this.accounts = accounts;
        this.bounds = bounds;
        this.clock = clock;
        this.notices = new Notices(outbox);
    }

    void start() {
        Thread timekeeper = new Thread(null, this::keepTime, "telemetry", 0, false);
        timekeeper.setDaemon(true);
        timekeeper.start();
    }

    /** Runs a collector at once, and then at its period. */
    void add(Job job) {
        admit(job);
        notices.send();
    }

    /** Says that a collector cannot be run. */
    void refuse(String name, Owner owner, String cause) {
        synchronized (this) {
            notice(State.REFUSED, name, owner, cause, System.nanoTime());
        }
        notices.send();
    }

    /** Runs it no more; a run that goes on is interrupted, and nothing comes of it. Does not wait for it. */
    synchronized void remove(Job job) {
        if (!jobs.remove(job)) {
            return;
        }
        job.isRemoved = true;
        Quota quota = quota(job.owner);
        quota.collectors--;
        Run run = job.run;
        if (run != null && run.thread == null) {
            running.remove(run);
            quota.running--;
        } else if (run != null) {
            interrupt(run, System.nanoTime());
        }
        changed();
    }

    /** Gives the collector back, and lets go of what it may have left in the workers' thread-locals. */
    synchronized void release(Job job) {
        workers.execute("release " + job.name, job.source::release);
        workers.renew();
    }

    /** Ends everything; does not wait for it. */
    synchronized void close() {
        for (Job job : List.copyOf(jobs)) {
            remove(job);
            release(job);
        }
        isClosed = true;
        workers.close();
        changed();
    }

    private void keepTime() {
        long wait = 0;
        while (await(wait)) {
            try {
                wait = turn(System.nanoTime());
                notices.send();
            } catch (RuntimeException | Error e) {
                // Whatever it is (memory may be short): telemetry goes on.
                LOG.log(Level.ERROR, "telemetry missed a turn", e);
                wait = TimeUnit.SECONDS.toNanos(1);
            }
        }
    }

    /** Waits until something changed, or this long; false where it is closed. */
    private synchronized boolean await(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; !isChanged && !isClosed && left > 0; left = until - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "interrupted; nobody is meant to, so it goes on");
            }
        }
        isChanged = false;
        return !isClosed;
    }

    private void changed() {
        isChanged = true;
        notifyAll();
    }

    /** Does what is due, and answers how long there is nothing to do. */
    private synchronized long turn(long now) {
        stopOverdue(now);
        startDue(now);
        long wait = LONGEST_WAIT;
        for (Run run : running) {
            if (run.thread != null) {
                wait = Math.min(wait, run.limit - now);
            }
        }
        for (Job job : jobs) {
            // Also one that still runs: its next run is due then, and when it ends nobody need wake this thread.
            if (!job.isQuarantined && job.schedule.due() - now > 0) {
                wait = Math.min(wait, job.schedule.due() - now);
            }
        }
        return Math.max(0, wait);
    }

    private void stopOverdue(long now) {
        for (Run run : List.copyOf(running)) {
            if (run.thread == null || now - run.limit < 0) {
                continue;
            }
            if (run.isInterrupted) {
                abandon(run);
            } else {
                interrupt(run, now);
            }
        }
    }

    private void interrupt(Run run, long now) {
        if (run.thread != null && !run.isInterrupted) {
            run.isInterrupted = true;
            run.limit = now + bounds.grace().toNanos();
            run.thread.interrupt();
        }
    }

    private void startDue(long now) {
        List<Job> due = new ArrayList<>();
        for (Job job : jobs) {
            if (isWaiting(job) && job.schedule.due() - now <= 0) {
                due.add(job);
            }
        }
        due.sort(Comparator.comparingLong((Job job) -> job.schedule.due() - now));
        isStarved = false;
        for (Job job : due) {
            Quota quota = quota(job.owner);
            // More threads that do not stop than are allowed for: each takes a worker's place.
            int busy = running.size() + Math.max(0, abandoned - bounds.abandoned());
            if (busy >= bounds.workers() || quota.running >= bounds.workersPerBundle()) {
                isStarved = true;
            } else {
                start(job, quota, now);
            }
        }
    }

    private void start(Job job, Quota quota, long now) {
        Run run = new Run(job);
        job.schedule.began(now);
        quota.started(job.settings.topic(), now);
        if (workers.execute(job.name, () -> work(run))) {
            job.run = run;
            running.add(run);
            quota.running++;
        }
    }

    /** On a worker. */
    private void work(Run run) {
        Answer answer = CUT_SHORT;
        Optional<Read> news = Optional.empty();
        try {
            if (begin(run, accounts.meter())) {
                answer = Answer.of(run.job, bounds.reading());
            }
        } finally {
            news = end(run, answer);
        }
        notices.send();
        Settings settings = run.job.settings;
        news.ifPresent(read -> outbox.observation(
                settings.topic(), clock.instant(), read.reading().values(), settings.atPlace()));
    }

    private synchronized boolean begin(Run run, Meter meter) {
        if (!running.contains(run)) {
            return false;
        }
        run.meter = meter;
        run.atBegin = meter.of(Thread.currentThread().getId());
        run.thread = Thread.currentThread();
        run.limit = System.nanoTime() + run.job.deadline().toNanos();
        changed();
        return true;
    }

    /** Settles a run; answers what is to be sent of it. */
    private synchronized Optional<Read> end(Run run, Answer answer) {
        Job job = run.job;
        Quota quota = quota(job.owner);
        boolean isAwaited = running.remove(run);
        Thread.interrupted(); // clears it: from here on nobody interrupts this thread
        if (!isAwaited && !run.isAbandoned) {
            return Optional.empty();
        }
        long now = System.nanoTime();
        Optional<String> trouble = job.isRemoved ? Optional.empty() : trouble(run, answer, quota, now);
        Account account = accounts.of(job.owner.id());
        account.ran(run.meter.of(Thread.currentThread().getId()).since(run.atBegin), trouble.isEmpty());
        if (run.isAbandoned) {
            abandoned--;
            account.stopped(Thread.currentThread().getId());
            quota.stopped(job.owner.revision());
        } else {
            quota.running--;
            job.run = null;
        }
        if (isStarved || job.schedule.due() - now <= 0) {
            changed();
        }
        return run.isAbandoned || job.isRemoved || isClosed ? Optional.empty() : settle(job, answer, trouble, now);
    }

    private Optional<String> trouble(Run run, Answer answer, Quota quota, long now) {
        if (run.isInterrupted) {
            return Optional.of("did not end within its deadline of " + run.job.deadline());
        }
        if (answer instanceof Failed failed) {
            return Optional.of(failed.cause());
        }
        if (answer instanceof Read read && read.isNews() && !quota.bytes.take(read.bytes(), now)) {
            return Optional.of("its bundle publishes more than " + Quota.BYTES_PER_SECOND + " bytes a second");
        }
        return Optional.empty();
    }

    private Optional<Read> settle(Job job, Answer answer, Optional<String> trouble, long now) {
        job.schedule.ended(trouble.isEmpty(), now);
        if (trouble.isPresent() && !job.isFailing) {
            job.isFailing = notice(State.FAILING, job.name, job.owner, trouble.get(), now);
        } else if (trouble.isEmpty() && job.isFailing) {
            job.isFailing = false;
            notices.add(State.RECOVERED, job.name, job.owner, "");
        }
        if (trouble.isPresent() || !(answer instanceof Read read) || !read.isNews()) {
            return Optional.empty();
        }
        job.sent.sent(read.reading(), now);
        return Optional.of(read);
    }

    /** Gives up a run that does not stop: its thread is left alone, its collector not run again. */
    private void abandon(Run run) {
        Job job = run.job;
        Thread thread = Objects.requireNonNull(run.thread);
        running.remove(run);
        run.isAbandoned = true;
        abandoned++;
        Quota quota = quota(job.owner);
        quota.running--;
        quota.abandoned(job.owner.revision());
        accounts.of(job.owner.id()).abandoned(thread.getId(), run.meter, run.atBegin);
        quarantine(
                job,
                "did not stop within " + bounds.grace() + " when it was interrupted"
                        + (job.isRemoved ? "" : ", after its deadline of " + job.deadline()));
        if (quota.abandoned >= bounds.abandonedPerBundle()) {
            for (Job other : jobs) {
                if (other.owner.equals(job.owner) && !other.isQuarantined) {
                    quarantine(other, tooManyAbandoned(quota));
                }
            }
        }
        if (abandoned == bounds.abandoned()) {
            LOG.log(Level.ERROR, "{0} collectors do not stop; more will slow down telemetry", abandoned);
        }
    }

    private void quarantine(Job job, String cause) {
        job.isQuarantined = true;
        notices.add(State.QUARANTINED, job.name, job.owner, cause);
    }

    private static String tooManyAbandoned(Quota quota) {
        return quota.abandoned + " collectors of its bundle do not stop; it is run again when the bundle is updated";
    }

    private synchronized void admit(Job job) {
        long now = System.nanoTime();
        Quota quota = quota(job.owner);
        quota.at(job.owner.revision());
        if (quota.collectors >= bounds.collectorsPerBundle()) {
            notice(
                    State.REFUSED,
                    job.name,
                    job.owner,
                    "its bundle has " + bounds.collectorsPerBundle() + " collectors, and no more are run",
                    now);
            return;
        }
        if (quota.abandoned >= bounds.abandonedPerBundle()) {
            notice(State.QUARANTINED, job.name, job.owner, tooManyAbandoned(quota), now);
            return;
        }
        quota.collectors++;
        job.schedule.startAt(quota.earliest(job.settings.topic(), now));
        jobs.add(job);
        changed();
    }

    /** Notes what is to be told, but for a bundle that gives cause to tell too much; whether it is told. */
    private boolean notice(State state, String name, Owner owner, String cause, long now) {
        boolean isTold = quota(owner).notices.take(1, now);
        if (isTold) {
            notices.add(state, name, owner, cause);
        }
        return isTold;
    }

    private Quota quota(Owner owner) {
        Quota quota = quotas.get(owner.id());
        if (quota == null) {
            if (quotas.size() >= MOST_IDLE_QUOTAS) {
                quotas.values().removeIf(Quota::isIdle);
            }
            quota = new Quota(owner.revision(), System.nanoTime());
            quotas.put(owner.id(), quota);
        }
        return quota;
    }

    private static boolean isWaiting(Job job) {
        return job.run == null && !job.isQuarantined;
    }
}
