package io.gatehouse.firmware;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gets from what is wanted to a machine that runs it. Used by one thread. */
final class Reconciliation {
    private static final System.Logger LOG = System.getLogger(Reconciliation.class.getName());

    private final Journal journal;
    private final Engines engines;
    private final Continuation continuation;
    private final Taking taking;
    private final FirmwareReports reports;
    private final Backoff backoff;
    private final Around around;

    /** What else it needs. */
    record Around(RuntimeSlots slots, Images images, Site site) {}

    /** A part of a turn. */
    @FunctionalInterface
    private interface Part {
        Turn take() throws FirmwareRefused, IOException, InterruptedException;
    }

    Reconciliation(
            Journal journal,
            Engines engines,
            Continuation continuation,
            Taking taking,
            FirmwareReports reports,
            Backoff backoff,
            Around around) {
        this.journal = journal;
        this.engines = engines;
        this.continuation = continuation;
        this.taking = taking;
        this.reports = reports;
        this.backoff = backoff;
        this.around = around;
    }

    /**
     * Makes it so: first what is under way to its end, then what is wanted. Interrupts are allowed where the second begins.
     *
     * @param all what is wanted; nothing where that is not known yet
     */
    Turn reconcile(Optional<List<Desired>> all, Worker worker) throws InterruptedException {
        Map<String, String> underWay = journal.attempt().map(Attempt::desired).orElse(Map.of());
        Turn outcome = tried(underWay, Turn.FREE, continuation::goOn);
        if (!(outcome instanceof Turn.Free)) {
            return outcome;
        }
        if (all.isEmpty()) {
            return Turn.SETTLED;
        }
        return tried(Wanted.digests(all.get()), Turn.SETTLED, () -> wish(all.get(), worker));
    }

    private Turn tried(Map<String, String> desired, Turn refused, Part part) throws InterruptedException {
        try {
            return part.take();
        } catch (FirmwareRefused e) {
            reports.refused(desired, new Problem(e.type(), e.detail()));
            return refused;
        } catch (ArtifactUnavailable e) {
            return failed(desired, e.type(), e);
        } catch (Failure e) {
            return failed(desired, e.type(), e);
        } catch (IOException | RuntimeException | LinkageError e) { // of the engine, which is somebody else's
            return failed(desired, "engine-failed", e);
        }
    }

    private Turn failed(Map<String, String> desired, String type, Throwable cause) throws InterruptedException {
        if (Thread.interrupted()) { // which may have been the cause, as where it closed a channel
            throw (InterruptedException) new InterruptedException("given up").initCause(cause);
        }
        LOG.log(System.Logger.Level.WARNING, "the firmware that is wanted was not taken; it is tried again", cause);
        Duration after = backoff.next();
        String detail = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        reports.failed(
                desired,
                new Problem(type, detail),
                around.site().clock().instant().plus(after));
        return new Turn.Later(after);
    }

    private Turn wish(List<Desired> all, Worker worker) throws FirmwareRefused, IOException, InterruptedException {
        around.slots().awaitProven(); // all bundles have started: who is not here now does not come by itself
        worker.allowInterrupts();
        Optional<Engine> engine = engines.used();
        Facts facts = facts(engine);
        reports.runs(facts);
        continuation.keepWhatRuns(engine);
        Optional<Wanted> wanted = Wanted.of(all);
        if (wanted.isEmpty()) {
            return nothing(engine);
        }
        return wish(wanted.get(), engine, facts, worker);
    }

    private Turn wish(Wanted wanted, Optional<Engine> engine, Facts facts, Worker worker)
            throws FirmwareRefused, IOException, InterruptedException {
        Optional<Turn> unproven = unproven(wanted);
        if (unproven.isPresent()) {
            return unproven.get();
        }
        if (isMet(wanted, facts)) {
            return settled(wanted.desired(), engine);
        }
        Optional<GivenUp> givenUp = journal.remembered().givenUp().filter(wish -> wish.isOf(wanted));
        if (givenUp.isPresent()) {
            nothingIsUnderWay(engine);
            reports.givenUp(wanted.desired(), givenUp.get());
            return Turn.SETTLED;
        }
        RunningSystem running = admitted(wanted.firmware(), engine, facts);
        if (journal.remembered().isPaused()) {
            reports.waiting(wanted.desired(), new Problem("paused", "until the command firmware.resume"));
            return Turn.SETTLED;
        }
        if (journal.attempt().filter(attempt -> !attempt.isOf(wanted)).isPresent()) {
            continuation.drop(engine);
        }
        // of another wish, which does not count any more; this one may be cancelled at this moment
        journal.change(remembered -> remembered.isGivenUp(wanted.digest()) ? remembered : remembered.withoutGivenUp());
        Engine used = engine.orElseThrow();
        around.images().forgetAllBut(wanted.firmware(), used);
        try {
            return taking.take(wanted, used, running, worker);
        } catch (FirmwareRefused e) {
            nothingIsUnderWay(engine);
            throw e;
        }
    }

    private Facts facts(Optional<Engine> engine) throws IOException, InterruptedException {
        Optional<RunningSystem> system = Optional.empty();
        if (engine.isPresent()) {
            system = Optional.of(engine.get().installer().running());
        }
        RunningFirmware firmware = RunningFirmware.read(
                around.site().root(),
                system.map(RunningSystem::slot),
                journal.remembered().applied());
        return new Facts(engine.map(Engine::name), system, firmware);
    }

    private Turn nothing(Optional<Engine> engine) throws IOException, InterruptedException {
        Optional<Problem> unproven = continuation.unproven();
        if (unproven.isPresent()) {
            reports.failed(Map.of(), unproven.get());
            return Turn.SETTLED;
        }
        return settled(Map.of(), engine);
    }

    /** Where what runs is not proven and cannot be taken back: whoever wants just that is told, and one who wants it anew has it proven again. */
    private Optional<Turn> unproven(Wanted wanted) throws Failure {
        Optional<Problem> unproven = continuation.unproven();
        Optional<Attempt> attempt = journal.attempt();
        if (unproven.isEmpty() || attempt.isEmpty()) {
            return Optional.empty();
        }
        if (attempt.get().isOf(wanted)) {
            reports.failed(wanted.desired(), unproven.get());
            return Optional.of(Turn.SETTLED);
        }
        continuation.tryAgain();
        if (attempt.get().release().isAs(wanted.firmware())) {
            journal.change(remembered -> remembered.with(attempt.get().nowOf(wanted)));
            return Optional.of(new Turn.Later(Duration.ZERO));
        }
        journal.change(Remembered::withoutAttempt);
        return Optional.empty();
    }

    private boolean isMet(Wanted wanted, Facts facts) {
        Optional<String> slot = facts.system().map(RunningSystem::slot);
        boolean wasApplied = journal.remembered()
                .applied()
                .filter(last -> last.release().digest().equals(wanted.digest()))
                .filter(last -> slot.isEmpty() || slot.get().equals(last.slot()))
                .filter(last -> !RunningFirmware.saidBy(around.site().root()).contradicts(last.release()))
                .isPresent();
        return wasApplied || facts.firmware().is(wanted.firmware());
    }

    private Turn settled(Map<String, String> desired, Optional<Engine> engine)
            throws IOException, InterruptedException {
        nothingIsUnderWay(engine);
        backoff.reset();
        reports.applied(desired);
        return Turn.SETTLED;
    }

    private void nothingIsUnderWay(Optional<Engine> engine) throws IOException, InterruptedException {
        continuation.drop(engine);
        around.images().forgetAll(engine);
    }

    private RunningSystem admitted(Firmware firmware, Optional<Engine> engine, Facts facts)
            throws FirmwareRefused, IOException, InterruptedException {
        try {
            return admit(firmware, engine, facts);
        } catch (FirmwareRefused e) {
            nothingIsUnderWay(engine);
            throw e;
        }
    }

    /** Before a byte is fetched. */
    private RunningSystem admit(Firmware firmware, Optional<Engine> engine, Facts facts) throws FirmwareRefused {
        if (engine.isEmpty()) {
            throw new FirmwareRefused("no-engine", engines.words());
        }
        RunningSystem running = facts.system().orElseThrow();
        if (!running.compatible().equals(firmware.compatible())) {
            throw new FirmwareRefused(
                    "wrong-compatible",
                    "it is for " + firmware.compatible() + ", and this machine is " + running.compatible());
        }
        if (facts.firmware().isNewerThan(firmware) && !firmware.allowDowngrade()) {
            throw new FirmwareRefused(
                    "downgrade",
                    "its sequence " + firmware.sequence() + " is lower than "
                            + facts.firmware().sequence().orElseThrow()
                            + ", which runs; allowDowngrade takes it none the less");
        }
        if (!engine.get().installer().canFallBack() && !firmware.withoutFallback()) {
            throw new FirmwareRefused(
                    "no-fallback", "this machine cannot go back by itself; withoutFallback takes it none the less");
        }
        return running;
    }
}
