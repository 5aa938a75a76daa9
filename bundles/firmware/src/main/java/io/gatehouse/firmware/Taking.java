package io.gatehouse.firmware;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.software.Health;
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
    private final Fetching fetching;
    private final Waiting waiting;
    private final Sources sources;
    private final Activation activation;
    private final FirmwareReports reports;
    private volatile Optional<String> writing = Optional.empty();

    /** Who knows what ran before. */
    record Sources(Machine machine, LastWords words, RuntimeSlots slots) {}

    Taking(
            Journal journal,
            Images images,
            Fetching fetching,
            Waiting waiting,
            Sources sources,
            Activation activation,
            FirmwareReports reports) {
        this.journal = journal;
        this.images = images;
        this.fetching = fetching;
        this.waiting = waiting;
        this.sources = sources;
        this.activation = activation;
        this.reports = reports;
    }

    /** Which version is being written now. */
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
            Path image = fetching.fetch(wanted, engine, worker);
            Attempt attempt = installed(wanted, engine, running, image);
            Health before = waiting.untilItMayRestart(
                    wanted.desired(), wanted.firmware().window(), sources.slots());
            return activate(attempt.from(origin(engine, running, before)), engine, image, worker);
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

    private Attempt installed(Wanted wanted, Engine engine, RunningSystem running, Path image)
            throws FirmwareRefused, IOException, InterruptedException {
        Optional<Attempt> before = journal.attempt().filter(attempt -> attempt.isOf(wanted));
        Optional<Attempt> done = before.filter(attempt -> attempt.stage() == Stage.INSTALLED
                && sources.machine().isBoot(attempt.origin().boot()));
        if (done.isPresent()) {
            return done.get().nowOf(wanted);
        }
        reports.applying(wanted.desired(), "check", 0);
        engine.installer().check(image);
        Origin origin = origin(engine, running, sources.slots().health());
        Attempt attempt = before.map(last -> last.nowOf(wanted).from(origin).at(Stage.INSTALLING))
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
        sources.words().forget();
        worker.forbidInterrupts();
        return activation.activate(attempt, engine, image);
    }

    private Origin origin(Engine engine, RunningSystem running, Health before) {
        return new Origin(
                running.slot(),
                engine.installer().canFallBack(),
                sources.machine().boot(),
                before,
                sources.words().kernels());
    }

    private void giveUp(Wanted wanted, Engine engine, Problem why) throws Failure {
        journal.change(remembered -> remembered.givingUp(GivenUp.refused(wanted.digest(), why)));
        images.forgetAll(Optional.of(engine));
    }
}
