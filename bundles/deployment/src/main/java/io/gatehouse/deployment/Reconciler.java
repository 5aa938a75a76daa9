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
    private final Licenses licenses;
    private final Lapsed lapsed;
    private final Reports reports;
    private final Proof path;
    private final Policy policy;
    private final Signals signals;
    private final Interruptible thread = new Interruptible();

    // Of the thread alone.
    private @Nullable Aim settled;
    private @Nullable Aim begun;
    private boolean wasRefused;
    private Map<String, String> stopping = Map.of();
    private Map<String, String> stoppedInVain;

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
        this.lapsed = new Lapsed(software, licenses);
        this.reports = reports;
        this.path = path;
        this.policy = policy;
        this.signals = signals;
        this.stoppedInVain = software.verdict()
                .filter(last -> last.state() != Verdict.State.APPLIED)
                .map(Verdict::desired)
                .orElse(Map.of());
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
            stopUnlessItIsSo(all, aim, false);
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
        } else {
            stopUnlessItIsSo(all, aim, forced);
        }
    }

    /** What is wanted was tried in vain, and what runs instead may be stopped by the end of its license. */
    private void stopUnlessItIsSo(List<Desired> all, Aim aim, boolean forced) throws InterruptedException {
        if (!software.isChanging() && !aim.target().equals(software.document().desired())) {
            isStopping(all, aim, forced);
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
            conclude(all, aim, forced, () -> {
                wasRefused = true;
                reports.refused(aim.target(), e.problem());
            });
        } catch (ArtifactUnavailable e) {
            Problem problem = new Problem(e.type(), String.valueOf(e.getMessage()));
            conclude(all, aim, forced, () -> {
                if (Unusable.is(e)) {
                    reports.refused(aim.target(), problem);
                } else {
                    reports.failed(aim.target(), problem);
                }
            });
        } catch (IOException e) {
            Problem problem = new Problem("storage", String.valueOf(e));
            conclude(all, aim, forced, () -> reports.failed(aim.target(), problem));
        } catch (InterruptedException e) {
            // The interrupt may have been meant for what came before this: the last that is wanted is never forgotten.
            signals.again(forced);
            throw e;
        }
    }

    /** What is wanted cannot be had, which is told when all is known and done that does not depend on it. */
    private void conclude(List<Desired> all, Aim aim, boolean forced, Runnable telling) throws InterruptedException {
        if (!licenses.watched(all).equals(aim)) {
            // What stands in the way may belong to a feature of which is known only now that it is left out.
            signals.again(forced);
        } else if (!isStopping(all, aim, forced)) {
            settled = aim;
            telling.run();
        }
    }

    /** Takes away what may run no longer, and nothing else; whether there was anything. Its end brings out again what is wanted. */
    private boolean isStopping(List<Desired> all, Aim aim, boolean forced) throws InterruptedException {
        Optional<Document> target =
                lapsed.without(all).filter(to -> forced || !to.desired().equals(stoppedInVain));
        if (target.isEmpty()) {
            return false;
        }
        try {
            Preparation.Change change = prepareRemoval(target.get(), aim);
            stopping = target.get().desired();
            begin(change);
            return true;
        } catch (Refused e) {
            LOG.log(System.Logger.Level.WARNING, "what has no license any more goes on running", e);
            return false;
        } catch (InterruptedException e) {
            signals.again(forced);
            throw e;
        }
    }

    private Preparation.Change prepareRemoval(Document target, Aim aim) throws Refused, InterruptedException {
        thread.allowInterrupts();
        try {
            Preparation.Change change = preparation.removal(target, aim);
            awaitPath(change, aim.target());
            return change;
        } finally {
            thread.forbidInterrupts();
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
        if (verdict.desired().equals(stopping)) {
            stopping = Map.of();
            stoppedInVain = verdict.state() == Verdict.State.APPLIED ? Map.of() : verdict.desired();
            signals.again(false);
        } else if (verdict.state() == Verdict.State.ROLLED_BACK && isLapsed()) {
            settled = null;
            signals.again(false);
        }
    }

    /** Whether anything runs that may not. */
    private boolean isLapsed() {
        return signals.latest().flatMap(lapsed::without).isPresent();
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
