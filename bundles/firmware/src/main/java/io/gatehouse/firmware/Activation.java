package io.gatehouse.firmware;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Has the machine start what was installed. From here on nothing interrupts it but the end of the process. */
final class Activation {
    private static final System.Logger LOG = System.getLogger(Activation.class.getName());

    /** For what was told to get away. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** For an engine that may restart the machine itself, and must not be disturbed meanwhile. */
    private static final Duration OWN_RESTART = Duration.ofMinutes(1);

    /** From the end of the program that restarts the machine to that of this process. */
    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    private final Journal journal;
    private final Machine machine;
    private final FirmwareReports reports;
    private final Rest rest;
    private volatile Optional<String> starting = Optional.empty();

    Activation(Journal journal, Machine machine, FirmwareReports reports, Rest rest) {
        this.journal = journal;
        this.machine = machine;
        this.reports = reports;
        this.rest = rest;
    }

    /** Which version the machine is to start now; for any thread. */
    Optional<String> starting() {
        return starting;
    }

    /**
     * Activates it and restarts the machine, also once more.
     *
     * @throws FirmwareRefused where the engine refuses it after all; then it is given up
     * @throws IOException where that does not work, or the machine is still up after 5 min
     */
    Turn activate(Attempt attempt, Engine engine, Path image)
            throws FirmwareRefused, IOException, InterruptedException {
        // before the engine is asked: one that does both at once does not return
        String digest = attempt.release().digest();
        journal.change(
                remembered -> remembered.isGivenUp(digest) ? remembered : remembered.with(attempt.at(Stage.ACTIVATED)));
        if (journal.remembered().isGivenUp(digest)) {
            throw new InterruptedException("given up at the last moment");
        }
        reports.applying(attempt.desired(), "restart", 0);
        starting = Optional.of(attempt.release().version());
        try {
            return start(attempt, engine, image);
        } finally {
            starting = Optional.empty();
        }
    }

    private Turn start(Attempt attempt, Engine engine, Path image)
            throws FirmwareRefused, IOException, InterruptedException {
        try {
            engine.installer().activate(image);
        } catch (FirmwareRefused e) {
            GivenUp refused = GivenUp.refused(attempt.release().digest(), new Problem(e.type(), e.detail()));
            Attempt installed = attempt.at(Stage.INSTALLED);
            journal.change(remembered -> remembered.with(installed).givingUp(refused));
            throw e;
        } catch (IOException | RuntimeException e) {
            takeBack(attempt, engine);
            throw e;
        }
        if (!attempt.origin().canFallBack()) {
            rest.take(OWN_RESTART);
        }
        return restart(attempt);
    }

    /** Whether it was activated is not known. It counts as that, and is not given up any more, until it surely is not. */
    private void takeBack(Attempt attempt, Engine engine) throws InterruptedException {
        try {
            engine.installer().markGood();
            journal.changeIfPossible(remembered -> remembered.with(attempt.at(Stage.INSTALLED)));
        } catch (IOException | RuntimeException e) { // of the engine, which is somebody else's
            LOG.log(System.Logger.Level.WARNING, "nobody knows which system the next start is of", e);
        }
    }

    /**
     * Restarts the machine.
     *
     * @throws Failure where it does not go down
     */
    Turn restart(Attempt attempt) throws Failure, InterruptedException {
        reports.applying(attempt.desired(), "restart", 0);
        rest.take(GRACE);
        Optional<String> complaint = machine.restart();
        if (complaint.isEmpty()) {
            rest.take(LONGEST_END);
        }
        throw new Failure(
                "not-restarted",
                complaint.orElse("the machine is still up " + LONGEST_END.toSeconds() + " s after it was to restart"),
                null);
    }
}
