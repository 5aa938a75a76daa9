package io.gatehouse.telemetry;

import io.gatehouse.api.message.Outbox;
import io.gatehouse.telemetry.Answer.Failed;
import io.gatehouse.telemetry.Answer.Read;
import io.gatehouse.telemetry.Notices.State;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Runs collectors, while there is an outbox to take what they read. One thread keeps the time; workers, which die when
 * idle, run the collectors. A run that does not stop is given up with its thread, and others go on in another; its
 * collector is not run again, however often it is registered, until its bundle is updated.
 */
final class Rounds {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());
    private static final long LONGEST_WAIT = TimeUnit.MINUTES.toNanos(10);
    private static final Answer CUT_SHORT = new Failed("its run was cut short; the log says why");

    private final Accounts accounts;
    private final Bounds bounds;
    private final Clock clock;
    private final Exit exit = new Exit();
    private final Notices notices = new Notices(exit);
    private final Workers workers = new Workers();
    private final Runs runs;

    private final Set<Job> jobs = new LinkedHashSet<>();
    private final Quotas quotas = new Quotas();
    private boolean isStarved;
    private boolean isChanged;
    private boolean isClosed;

    /** Nothing is run before {@link #start} and {@link #open}. */
    Rounds(Accounts accounts, Bounds bounds, Clock clock) {
        this.accounts = accounts;
        this.bounds = bounds;
        this.clock = clock;
        this.runs = new Runs(bounds, accounts);
    }

    void start() {
        Thread timekeeper = new Thread(null, this::keepTime, "telemetry", 0, false);
        timekeeper.setDaemon(true);
        timekeeper.start();
    }

    /** Runs what is due, into this outbox. */
    void open(Outbox outbox) {
        exit.open(outbox);
        synchronized (this) {
            changed();
        }
    }

    /** Begins no run more until another outbox is there; what goes on ends, and what it read waits. */
    void shut(Outbox outbox) {
        exit.close(outbox);
    }

    /** Runs a collector at once, and then at its period. */
    void add(Job job) {
        admit(job);
        exit.send();
    }

    /** Says that a collector cannot be run. */
    void refuse(String name, Owner owner, String cause) {
        synchronized (this) {
            notice(State.REFUSED, name, owner, cause, System.nanoTime());
        }
        exit.send();
    }

    /** Runs it no more; a run that goes on is interrupted, and nothing comes of it. Does not wait for it. */
    synchronized void remove(Job job) {
        if (!jobs.remove(job)) {
            return;
        }
        job.isRemoved = true;
        Quota quota = quotas.of(job.owner);
        quota.collectors--;
        Run run = quota.run(job.name);
        if (run != null && run.job == job) {
            runs.cancel(run, System.nanoTime());
        }
        changed();
    }

    /** Gives the collector back, and lets go of what it may have left in the workers' thread-locals. */
    synchronized void release(Job job) {
        workers.execute("release " + job.name, job.source::release);
        workers.renew();
    }

    /**
     * Ends everything. Waits until what it interrupts has stopped, though for the grace at most: whoever runs the same
     * collectors next, such as a newer version of this bundle, knows nothing of these runs.
     */
    synchronized void close() {
        for (Job job : List.copyOf(jobs)) {
            remove(job);
            release(job);
        }
        isClosed = true;
        changed();
        long until = System.nanoTime() + bounds.grace().toNanos();
        try {
            for (long left = until - System.nanoTime(); !runs.isEmpty() && left > 0; left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.close();
    }

    private void keepTime() {
        long wait = 0;
        while (await(wait)) {
            try {
                wait = turn(System.nanoTime());
                exit.send();
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
        runs.overdue(now).forEach(this::giveUp);
        if (exit.isOpen()) {
            startDue(now);
        }
        long wait = runs.untilOverdue(now, LONGEST_WAIT);
        for (Job job : jobs) {
            // Also one that still runs: its next run is due then, and when it ends nobody need wake this thread.
            if (!isQuarantined(job) && job.schedule.due() - now > 0) {
                wait = Math.min(wait, job.schedule.due() - now);
            }
        }
        return Math.max(0, wait);
    }

    private void startDue(long now) {
        List<Job> due = new ArrayList<>();
        for (Job job : jobs) {
            if (job.schedule.due() - now <= 0 && !isQuarantined(job) && !isRunning(job)) {
                due.add(job);
            }
        }
        due.sort(Comparator.comparingLong((Job job) -> job.schedule.due() - now));
        isStarved = false;
        for (Job job : due) {
            Quota quota = quotas.of(job.owner);
            if (runs.hasRoomFor(job, quota)) {
                start(job, quota, now);
            } else {
                isStarved = true;
            }
        }
    }

    private void start(Job job, Quota quota, long now) {
        Run run = new Run(job, quota);
        job.schedule.began(now);
        quota.started(job.settings.topic(), now);
        if (workers.execute(job.name, () -> work(run))) {
            runs.add(run);
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
        exit.send();
        Settings settings = run.job.settings;
        Instant at = clock.instant();
        news.ifPresent(read -> exit.send(outbox ->
                outbox.observation(settings.topic(), at, read.reading().values(), settings.atPlace())));
    }

    private synchronized boolean begin(Run run, Meter meter) {
        boolean begins = runs.begin(run, meter);
        if (begins) {
            changed();
        }
        return begins;
    }

    /** Settles a run; answers what is to be sent of it. */
    private synchronized Optional<Read> end(Run run, Answer answer) {
        Thread.interrupted(); // clears it: from here on nobody interrupts this thread
        if (!runs.isKnown(run)) {
            return Optional.empty();
        }
        Job job = run.job;
        long now = System.nanoTime();
        Optional<String> trouble = job.isRemoved ? Optional.empty() : trouble(run, answer, now);
        runs.end(run, trouble.isEmpty());
        if (isStarved || isClosed || job.schedule.due() - now <= 0) {
            changed();
        }
        return run.isAbandoned || job.isRemoved || isClosed ? Optional.empty() : settle(job, answer, trouble, now);
    }

    private static Optional<String> trouble(Run run, Answer answer, long now) {
        if (run.isInterrupted) {
            return Optional.of("did not end within its deadline of " + run.job.deadline());
        }
        if (answer instanceof Failed failed) {
            return Optional.of(failed.cause());
        }
        if (answer instanceof Read read && read.isNews() && !run.quota.bytes.take(read.bytes(), now)) {
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

    private void giveUp(Run run) {
        Job job = run.job;
        long revision = job.owner.revision();
        boolean wasQuarantined = run.quota.isQuarantined(revision);
        runs.abandon(run);
        notices.add(
                State.QUARANTINED,
                job.name,
                job.owner,
                "did not stop within " + bounds.grace() + " when it was interrupted"
                        + (job.isRemoved ? "" : ", after its deadline of " + job.deadline()));
        if (run.quota.isQuarantined(revision) && !wasQuarantined) {
            jobs.stream()
                    .filter(other -> other.owner.equals(job.owner) && !run.quota.isHung(other))
                    .forEach(other -> notices.add(State.QUARANTINED, other.name, other.owner, tooManyHung()));
        }
    }

    private String tooManyHung() {
        return bounds.abandonedPerBundle() + " collectors of its bundle do not stop; it is run again when the bundle is"
                + " updated";
    }

    private synchronized void admit(Job job) {
        long now = System.nanoTime();
        Quota quota = quotas.of(job.owner);
        quota.at(job.owner.revision());
        if (quota.collectors >= bounds.collectorsPerBundle()) {
            String cause = "its bundle has " + bounds.collectorsPerBundle() + " collectors, and no more are run";
            notice(State.REFUSED, job.name, job.owner, cause, now);
        } else if (isQuarantined(job)) {
            String cause = quota.isHung(job)
                    ? "did not stop when it was run before; it is run again when its bundle is updated"
                    : tooManyHung();
            notice(State.QUARANTINED, job.name, job.owner, cause, now);
        } else {
            quota.collectors++;
            job.schedule.startAt(quota.earliest(job.settings.topic(), now));
            jobs.add(job);
            changed();
        }
    }

    /** Notes what is to be told, but for a bundle that gives cause to tell too much; whether it is told. */
    private boolean notice(State state, String name, Owner owner, String cause, long now) {
        boolean isTold = quotas.of(owner).notices.take(1, now);
        if (isTold) {
            notices.add(state, name, owner, cause);
        }
        return isTold;
    }

    private boolean isQuarantined(Job job) {
        Quota quota = quotas.of(job.owner);
        return quota.isQuarantined(job.owner.revision()) || quota.isHung(job);
    }

    private boolean isRunning(Job job) {
        Run run = quotas.of(job.owner).run(job.name);
        return run != null && run.job == job;
    }
}
