package io.gatehouse.deployment;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.software.ChangeWatcher.Step;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Document;
import io.gatehouse.software.Proof;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes what runs what is wanted: one change after the other, each whole or not at all. All its work is done by the one
 * thread that {@link #run} is called on; the other methods only tell that thread, and return at once.
 */
final class Reconciler {
    private static final System.Logger LOG = System.getLogger(Reconciler.class.getName());

    private final Software software;
    private final Preparation preparation;
    private final Reports reports;
    private final Proof path;
    private final Policy policy;
    private final Signals signals;
    private final Interruptible thread = new Interruptible();

    // Of the thread alone.
    private @Nullable Map<String, String> settled;
    private boolean wasRefused;

    private volatile boolean mayBeAcceptedNow;

    /**
     * Prepares for work.
     *
     * @param path complains while a change of what it touches would lose the way to the broker
     */
    Reconciler(
            Software software, Preparation preparation, Reports reports, Proof path, Policy policy, Signals signals) {
        this.software = software;
        this.preparation = preparation;
        this.reports = reports;
        this.path = path;
        this.policy = policy;
        this.signals = signals;
    }

    /** This is all that is wanted now. What is being prepared for something older is given up. */
    void desired(List<Desired> all) {
        signals.wanted(all);
        thread.interrupt();
    }

    /** What failed is tried again. */
    void retry() {
        signals.again(true);
        thread.interrupt();
    }

    /** Others are trusted now: what was refused is looked at again. */
    void trustChanged() {
        mayBeAcceptedNow = true;
        signals.again(false);
    }

    void begins(Step step) {
        signals.begun(step);
    }

    void ended(Verdict verdict) {
        signals.ended(verdict);
    }

    /** Works until it is closed. */
    void run() {
        while (thread.isOpen()) {
            try {
                act(signals.next());
            } catch (InterruptedException e) {
                // Something newer is wanted, and comes next; or this is closed, as the loop's head tells.
                LOG.log(System.Logger.Level.DEBUG, "preparation given up", e);
            } catch (RuntimeException e) {
                // From the launcher, the framework or another bundle's service: the next change must find this thread.
                LOG.log(System.Logger.Level.ERROR, "a change was not carried out", e);
                signals.latest().ifPresent(all -> fail(Documents.digests(all), "unexpected", String.valueOf(e)));
            }
        }
    }

    /** Ends the work. */
    void close() {
        thread.close();
    }

    private void act(Signals.Signal signal) throws InterruptedException {
        if (signal instanceof Signals.Signal.Wanted wanted) {
            reconcile(wanted.all(), wanted.forced());
        } else if (signal instanceof Signals.Signal.Begun begun) {
            String step = begun.step().name().toLowerCase(Locale.ROOT).replace('_', '-');
            reports.applying(software.document().desired(), step, 0);
        } else if (signal instanceof Signals.Signal.Ended ended) {
            end(ended.verdict());
        }
    }

    private void reconcile(List<Desired> all, boolean forced) throws InterruptedException {
        Map<String, String> desired = Documents.digests(all);
        if (mayBeAcceptedNow) {
            mayBeAcceptedNow = false;
            settled = wasRefused ? null : settled;
        }
        if (desired.equals(settled) && !forced) {
            return;
        }
        wasRefused = false;
        if (software.isChanging()) {
            // Begun by an instance before this one: its end is told here too, and then it is this one's turn.
            signals.changing(policy.again());
            signals.again(forced);
            return;
        }
        Optional<Verdict> verdict =
                software.verdict().filter(last -> last.desired().equals(desired));
        boolean isApplied = verdict.map(Verdict::state).equals(Optional.of(Verdict.State.APPLIED));
        if (desired.equals(software.document().desired())) {
            settled = desired;
            verdict.filter(last -> isApplied).ifPresentOrElse(reports::applied, () -> reports.applied(desired));
        } else if (verdict.isPresent() && !isApplied && !forced) {
            settled = desired;
            if (verdict.get().state() == Verdict.State.RESTARTING) {
                // The process that knew of it did not live to tell.
                reports.eventOf(verdict.get());
            }
            reports.rolledBack(verdict.get());
        } else {
            settled = null;
            attempt(all, desired, forced);
        }
    }

    private void attempt(List<Desired> all, Map<String, String> desired, boolean forced) throws InterruptedException {
        try {
            Preparation.Change change = prepare(all, desired);
            begin(change.target());
        } catch (Refused e) {
            settled = desired;
            wasRefused = true;
            reports.refused(desired, e.problem());
        } catch (ArtifactUnavailable e) {
            if (Unusable.is(e)) {
                settled = desired;
                reports.refused(desired, new Problem(e.type(), String.valueOf(e.getMessage())));
            } else {
                fail(desired, e.type(), String.valueOf(e.getMessage()));
            }
        } catch (IOException e) {
            fail(desired, "storage", String.valueOf(e));
        } catch (InterruptedException e) {
            // The interrupt may have been meant for what came before this: the last that is wanted is never forgotten.
            signals.again(forced);
            throw e;
        }
    }

    private Preparation.Change prepare(List<Desired> all, Map<String, String> desired)
            throws Refused, IOException, InterruptedException {
        thread.allowInterrupts();
        try {
            if (signals.isPending()) {
                throw new InterruptedException("something newer is wanted");
            }
            Preparation.Change change =
                    preparation.prepare(all, true, (step, progress) -> reports.applying(desired, step, progress));
            awaitPath(change, desired);
            return change;
        } finally {
            thread.forbidInterrupts();
        }
    }

    private void awaitPath(Preparation.Change change, Map<String, String> desired) throws InterruptedException {
        boolean isTold = false;
        while (true) {
            List<Complaint> complaints = path.complaints(change.plan().touched());
            if (complaints.isEmpty()) {
                return;
            }
            if (!isTold) {
                isTold = true;
                reports.waiting(
                        desired, new Problem("no-path", complaints.get(0).words()));
            }
            Thread.sleep(policy.again().toMillis());
        }
    }

    private void begin(Document target) {
        Duration atMost = policy.deadline().multipliedBy(2).plusMinutes(1);
        signals.changing(atMost);
        try {
            software.change(target, policy.deadline());
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a change goes on already", e);
            signals.again(true);
        }
    }

    private void end(Verdict verdict) {
        settled = verdict.desired();
        switch (verdict.state()) {
            case APPLIED -> {
                reports.applied(verdict);
                forgetOthers();
            }
            case ROLLED_BACK -> {
                reports.eventOf(verdict);
                reports.rolledBack(verdict);
            }
            case RESTARTING -> reports.restarting(verdict);
        }
    }

    private void forgetOthers() {
        try {
            preparation.forgetOthers();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot forget artifacts that nothing needs", e);
        }
    }

    private void fail(Map<String, String> desired, String type, String detail) {
        settled = desired;
        reports.failed(desired, new Problem(type, detail));
    }
}
