package io.gatehouse.firmware;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Takes a firmware, from its image to the restart. Used by one thread but for {@link #writing}. */
final class Taking {
    /** Of an image: only another document makes it better. */
    private static final Set<String> UNUSABLE = Set.of("wrong-digest", "wrong-size");

    private final Journal journal;
    private final Images images;
    private final Waiting waiting;
    private final RuntimeSlots slots;
    private final Trace trace;
    private final Activation activation;
    private final FirmwareReports reports;
    private volatile Optional<String> writing = Optional.empty();

    /** What is known of what may happen. */
    record Trace(Machine machine, LastWords words) {}

    Taking(
            Journal journal,
            Images images,
            Waiting waiting,
            RuntimeSlots slots,
            Trace trace,
            Activation activation,
            FirmwareReports reports) {
        this.journal = journal;
        this.images = images;
        this.waiting = waiting;
        this.slots = slots;
        this.trace = trace;
        this.activation = activation;
        this.reports = reports;
    }

    /** Which version is being written or started now. */
    Optional<String> writing() {
        return writing;
    }

    /**
     * Takes it.
     *
     * @throws FirmwareRefused where it is not taken, and no other attempt will change that
     * @throws IOException where another attempt may go better
     */
    Turn take(Wanted wanted, Engine engine, RunningSystem running, Worker worker)
            throws FirmwareRefused, IOException, InterruptedException {
        try {
            waitBeforeFetch(wanted, engine);
            reports.applying(wanted.desired(), "fetch", 0);
            Path image = images.fetch(
                    engine,
                    wanted.firmware().image(),
                    (bytes, size) -> reports.applying(wanted.desired(), "fetch", (double) bytes / size));
            Attempt attempt = installed(wanted, engine, running, image);
            waiting.untilItMay(wanted);
            return activate(attempt.from(origin(engine, running)), engine, image, worker);
        } catch (FirmwareRefused e) {
            giveUp(wanted, engine, new Problem(e.type(), e.detail()));
            throw e;
        } catch (ArtifactUnavailable e) {
            if (UNUSABLE.contains(e.type())) {
                Problem problem = new Problem(e.type(), String.valueOf(e.getMessage()));
                giveUp(wanted, engine, problem);
                throw (FirmwareRefused) new FirmwareRefused(problem.type(), problem.detail()).initCause(e);
            }
            throw e;
        }
    }

    private void waitBeforeFetch(Wanted wanted, Engine engine) throws InterruptedException {
        if (images.find(engine, wanted.firmware().image().sha256()).isPresent()) {
            waiting.untilItMay(wanted);
        } else {
            waiting.untilItsTurn(wanted);
        }
    }

    private Attempt installed(Wanted wanted, Engine engine, RunningSystem running, Path image)
            throws FirmwareRefused, IOException, InterruptedException {
        Optional<Attempt> before = journal.attempt().filter(attempt -> attempt.isOf(wanted));
        Optional<Attempt> done = before.filter(attempt -> attempt.stage() == Stage.INSTALLED
                && trace.machine().isBoot(attempt.origin().boot()));
        if (done.isPresent()) {
            return done.get();
        }
        reports.applying(wanted.desired(), "check", 0);
        engine.installer().check(image);
        Origin origin = origin(engine, running);
        Attempt attempt = before.map(last -> last.from(origin).at(Stage.INSTALLING))
                .orElseGet(() -> Attempt.begin(wanted, origin));
        journal.change(remembered -> remembered.with(attempt));
        reports.applying(wanted.desired(), "install", 0);
        writing = Optional.of(wanted.firmware().version());
        try {
            engine.installer().install(image, share -> reports.applying(wanted.desired(), "install", share));
        } finally {
            writing = Optional.empty();
        }
        Attempt written = attempt.at(Stage.INSTALLED);
        journal.change(remembered -> remembered.with(written));
        return written;
    }

    private Turn activate(Attempt attempt, Engine engine, Path image, Worker worker)
            throws FirmwareRefused, IOException, InterruptedException {
        trace.words().forget();
        worker.forbidInterrupts();
        writing = Optional.of(attempt.release().version());
        try {
            return activation.activate(attempt, engine, image);
        } finally {
            writing = Optional.empty();
        }
    }

    private Origin origin(Engine engine, RunningSystem running) throws InterruptedException {
        return new Origin(
                running.slot(),
                engine.installer().canFallBack(),
                trace.machine().boot(),
                slots.health(),
                trace.words().kernels());
    }

    private void giveUp(Wanted wanted, Engine engine, Problem why) throws Failure {
        journal.change(remembered -> remembered.with(GivenUp.refused(wanted.digest(), why)));
        images.forgetAll(Optional.of(engine));
    }
}
