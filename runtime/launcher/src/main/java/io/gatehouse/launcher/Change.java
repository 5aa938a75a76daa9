package io.gatehouse.launcher;

import io.gatehouse.launcher.RunningSoftware.Wish;
import io.gatehouse.software.ChangeWatcher.Step;
import io.gatehouse.software.Plan;
import io.gatehouse.software.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One change from beginning to end, steered by the launcher's main thread, which never calls a bundle's code itself and so
 * can always decide. On flash: the attempt first; then, at its end, either the committed document or a verdict, each with
 * the change's number. Whenever the process dies, the next one finds the software before the change or the software after
 * it, and knows which.
 */
final class Change {
    private static final System.Logger LOG = System.getLogger(Change.class.getName());
    private static final Duration LONGEST_TELLING = Duration.ofSeconds(2);
    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PUTTING_BACK = Duration.ofSeconds(20);
    private static final Plan NOTHING = new Plan(List.of(), List.of(), List.of(), List.of(), List.of());

    private final Wish wish;
    private final Committed before;
    private final StateFolder state;
    private final RunningSoftware software;
    private final Applying applying;
    private final Whiteboard whiteboard;
    private final Worker worker;
    private final Attempt attempt;
    private final long begun = System.nanoTime();
    private final Deadline end;
    private final Deadline forward;

    Change(
            Wish wish,
            Committed before,
            StateFolder state,
            RunningSoftware software,
            Applying applying,
            Whiteboard whiteboard,
            Worker worker) {
        this.wish = wish;
        this.before = before;
        this.state = state;
        this.software = software;
        this.applying = applying;
        this.whiteboard = whiteboard;
        this.worker = worker;
        this.attempt = attempt(wish.target().desired());
        this.end = Deadline.in(wish.deadline());
        Duration third = wish.deadline().dividedBy(3);
        this.forward = end.earlier(third.compareTo(LONGEST_PUTTING_BACK) < 0 ? third : LONGEST_PUTTING_BACK);
    }

    /** What came of it. */
    sealed interface Result permits Committing, Keeping, Restarting {}

    /** This runs and is committed. */
    record Committing(Committed now) implements Result {}

    /** What ran before runs. */
    record Keeping() implements Result {}

    /** This process cannot go on; the next one starts what is committed. */
    record Restarting() implements Result {}

    Result carryOut() throws InterruptedException {
        Plan plan;
        Proving proving;
        try {
            state.begin(attempt);
            plan = worker.call(forward, () -> applying.plan(before.document(), wish.target()));
            proving = live(Optional::empty, () -> worker.call(forward, () -> applying.baseline(plan)));
        } catch (IOException e) {
            return keep("state-unwritable", "the attempt cannot be recorded: " + Causes.of(e));
        } catch (ChangeFailed e) {
            return keep(e.type(), e.detail());
        } catch (Hung e) {
            return restart(e.type(), e.detail());
        }
        Set<String> upBefore = applying.up();
        try {
            software.shows(wish.target());
            tell(Step.APPLY);
            worker.call(forward, () -> applying.apply(plan, wish.target(), upBefore));
            tell(Step.PROVE);
            live(
                    proving::lastSeen,
                    () -> worker.call(
                            forward,
                            () -> applying.prove(proving, plan, upBefore, patience(), forward, wish.target())));
            tell(Step.COMMIT);
            return commit(plan);
        } catch (ChangeFailed e) {
            return putBack(e, plan, upBefore);
        } catch (Hung e) {
            return restart(e.type(), e.detail());
        }
    }

    /** Most of what waits for something has it within a second or two; where more is needed, the deadline is set longer. */
    private Duration patience() {
        Duration share = wish.deadline().dividedBy(6);
        return share.compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : share;
    }

    private Result commit(Plan plan) throws ChangeFailed, InterruptedException {
        Verdict verdict = verdict(Verdict.State.APPLIED, "", "", plan);
        Committed now = new Committed(attempt.change(), wish.target(), Optional.of(verdict));
        try {
            state.commit(now);
        } catch (IOException e) {
            throw new ChangeFailed("commit-failed", "the document cannot be committed", e);
        }
        forgetAttempt();
        LOG.log(
                System.Logger.Level.INFO,
                "change {0} applied in {1} ms: {2} installed, {3} updated, {4} removed, {5} restarted",
                String.valueOf(attempt.change()),
                String.valueOf(verdict.took().toMillis()),
                plan.installed().size(),
                plan.updated().size(),
                plan.removed().size(),
                plan.restarted().size());
        ended(verdict);
        return new Committing(now);
    }

    private Result putBack(ChangeFailed why, Plan plan, Set<String> upBefore) throws InterruptedException {
        LOG.log(System.Logger.Level.WARNING, "putting change " + attempt.change() + " back: " + why.detail());
        tell(Step.PUT_BACK);
        software.shows(before.document());
        try {
            worker.call(end, () -> applying.putBack(wish.target(), before.document(), upBefore));
        } catch (ChangeFailed e) {
            return restart(why.type(), why.detail() + "; it could not be put back in place: " + e.detail());
        } catch (Hung e) {
            return restart(why.type(), why.detail() + "; it could not be put back in place: " + e.detail());
        }
        return rolledBack(verdict(Verdict.State.ROLLED_BACK, why.type(), why.detail(), plan));
    }

    /** Nothing was touched. */
    private Result keep(String type, String detail) throws InterruptedException {
        return rolledBack(verdict(Verdict.State.ROLLED_BACK, type, detail, NOTHING));
    }

    private Result rolledBack(Verdict verdict) throws InterruptedException {
        record(verdict);
        LOG.log(
                System.Logger.Level.WARNING,
                "change " + attempt.change() + " rolled back: " + verdict.type() + ": " + verdict.detail());
        ended(verdict);
        return new Keeping();
    }

    private Result restart(String type, String detail) throws InterruptedException {
        record(verdict(Verdict.State.ROLLED_BACK, type, detail, NOTHING));
        LOG.log(
                System.Logger.Level.ERROR,
                "change " + attempt.change() + " is put back by a restart: " + type + ": " + detail);
        Verdict restarting = verdict(Verdict.State.RESTARTING, type, detail, NOTHING);
        told(() -> whiteboard.ended(restarting));
        return new Restarting();
    }

    private void record(Verdict verdict) {
        try {
            state.end(new Ended(attempt.change(), verdict));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the verdict cannot be recorded", e);
            return;
        }
        forgetAttempt();
    }

    private void forgetAttempt() {
        try {
            state.forgetAttempt();
        } catch (IOException e) {
            // its number tells that it is over
            LOG.log(System.Logger.Level.WARNING, "the record of the attempt stays behind", e);
        }
    }

    private void ended(Verdict verdict) throws InterruptedException {
        software.ended(verdict);
        told(() -> whiteboard.ended(verdict));
    }

    private void tell(Step step) throws InterruptedException {
        told(() -> whiteboard.begins(step));
    }

    /** A watcher that does not return holds nothing of the framework's, so it is left alone. */
    private void told(Telling telling) throws InterruptedException {
        try {
            worker.call(Deadline.in(LONGEST_TELLING), () -> {
                telling.tell();
                return true;
            });
        } catch (ChangeFailed e) {
            LOG.log(System.Logger.Level.WARNING, "not all watchers were told: " + e.detail());
        } catch (Hung e) {
            LOG.log(System.Logger.Level.WARNING, "not all watchers were told: " + e.detail());
        }
    }

    /**
     * A proof that does not return holds nothing of the framework's, so the change can be put back in place.
     *
     * @param known what was found before, which is the better reason: a proof looks once more while time runs out
     */
    private static <T> T live(Supplier<Optional<ChangeFailed>> known, Asking<T> asking)
            throws ChangeFailed, InterruptedException {
        try {
            return asking.ask();
        } catch (ChangeFailed e) {
            throw known.get().orElse(e);
        } catch (Hung e) {
            throw known.get().orElseGet(() -> new ChangeFailed(e.type(), e.detail()));
        }
    }

    private Attempt attempt(Map<String, String> desired) {
        int died = state.attempt()
                .filter(last -> last.desired().equals(desired))
                .map(Attempt::tries)
                .orElse(0);
        return new Attempt(state.nextChange(), desired, died + 1);
    }

    private Verdict verdict(Verdict.State how, String type, String detail, Plan plan) {
        return new Verdict(
                how,
                wish.target().desired(),
                type,
                detail,
                plan.restarted(),
                Duration.ofMillis((System.nanoTime() - begun) / 1_000_000));
    }

    private interface Telling {
        void tell() throws InterruptedException;
    }

    private interface Asking<T> {
        T ask() throws ChangeFailed, Hung, InterruptedException;
    }
}
