package io.gatehouse.deployment;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.software.ChangeWatcher.Step;
import io.gatehouse.software.Complaint;
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
    private final Licenses licenses;
    private final Reports reports;
    private final Proof path;
    private final Policy policy;
    private final Signals signals;
    private final Interruptible thread = new Interruptible();

    // Of the thread alone.
    private @Nullable Aim settled;
    private @Nullable Aim begun;
    private boolean wasRefused;

    private volatile boolean mayBeAcceptedNow;

    /**
     * Prepares for work.
     *
     * @param path complains while a change of what it touches would lose the way to the broker
     */
    Reconciler(
            Software software,
            Preparation preparation,
            Licenses licenses,
            Reports reports,
            Proof path,
            Policy policy,
            Signals signals) {
        this.software = software;
        this.preparation = preparation;
        this.licenses = licenses;
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
                signals.latest()
                        .ifPresent(all -> fail(Aim.of(Documents.digests(all)), "unexpected", String.valueOf(e)));
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
        Aim aim = licenses.watched(all);
        if (mayBeAcceptedNow) {
            mayBeAcceptedNow = false;
            settled = wasRefused ? null : settled;
        }
        if (aim.equals(settled) && !forced) {
            return;
        }
        wasRefused = false;
        if (software.isChanging()) {
            // Begun by an instance before this one: its end is told here too, and then it is this one's turn.
            signals.changing(policy.again());
            signals.again(forced);
            return;
        }
        reports.of(aim);
        if (!settle(aim, forced)) {
            settled = null;
            attempt(all, aim, forced);
        }
    }

    /** Whether there is nothing to do but to tell: it is so already, or was tried in vain. */
    private boolean settle(Aim aim, boolean forced) {
        Map<String, String> target = aim.target();
        Optional<Verdict> verdict =
                software.verdict().filter(last -> last.desired().equals(target));
        boolean isApplied = verdict.map(Verdict::state).equals(Optional.of(Verdict.State.APPLIED));
        boolean isSo = target.equals(software.document().desired());
        if (isSo) {
            licenses.settled(aim);
            reports.of(aim);
            verdict.filter(last -> isApplied).ifPresentOrElse(reports::applied, () -> reports.applied(target));
        } else if (verdict.isPresent() && !isApplied && !forced) {
            reports.of(aim);
            if (verdict.get().state() == Verdict.State.RESTARTING) {
                // The process that knew of it did not live to tell.
                reports.eventOf(verdict.get());
            }
            reports.rolledBack(verdict.get());
        } else {
            return false;
        }
        settled = aim;
        return true;
    }

    private void attempt(List<Desired> all, Aim aim, boolean forced) throws InterruptedException {
        try {
            Preparation.Change change = prepare(all, aim.target());
            Aim now = licenses.watched(all);
            if (!now.equals(change.aim())) {
                signals.again(forced); // a license came or went meanwhile
            } else if (now.equals(aim) || !settle(now, forced)) {
                begin(change);
            }
        } catch (Refused e) {
            unlessMoreIsKnown(all, aim, forced, () -> {
                wasRefused = true;
                reports.refused(aim.target(), e.problem());
            });
        } catch (ArtifactUnavailable e) {
            Problem problem = new Problem(e.type(), String.valueOf(e.getMessage()));
            unlessMoreIsKnown(all, aim, forced, () -> {
                if (Unusable.is(e)) {
                    reports.refused(aim.target(), problem);
                } else {
                    reports.failed(aim.target(), problem);
                }
            });
        } catch (IOException e) {
            fail(aim, "storage", String.valueOf(e));
        } catch (InterruptedException e) {
            // The interrupt may have been meant for what came before this: the last that is wanted is never forgotten.
            signals.again(forced);
            throw e;
        }
    }

    /** What stands in the way may belong to a feature of which is known only now that it is left out. */
    private void unlessMoreIsKnown(List<Desired> all, Aim aim, boolean forced, Runnable telling) {
        if (licenses.watched(all).equals(aim)) {
            settled = aim;
            telling.run();
        } else {
            signals.again(forced);
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

    private void begin(Preparation.Change change) {
        begun = change.aim();
        reports.of(change.aim());
        licenses.begun(change.aim());
        Duration atMost = policy.deadline().multipliedBy(2).plusMinutes(1);
        signals.changing(atMost);
        try {
            software.change(change.target(), policy.deadline());
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a change goes on already", e);
            signals.again(true);
        }
    }

    private void end(Verdict verdict) {
        Optional<Aim> own =
                Optional.ofNullable(begun).filter(aim -> aim.target().equals(verdict.desired()));
        settled = own.orElse(Aim.of(verdict.desired()));
        switch (verdict.state()) {
            case APPLIED -> {
                own.ifPresent(licenses::settled);
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

    private void fail(Aim aim, String type, String detail) {
        settled = aim;
        reports.failed(aim.target(), new Problem(type, detail));
    }
}
