package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Goes on with what a power cut, a restart or a failure left: decides by what runs now what came of it. Used by one thread. */
final class Continuation {
    private static final System.Logger LOG = System.getLogger(Continuation.class.getName());
    private static final Duration ENGINE_AGAIN = Duration.ofSeconds(1);
    private static final Duration SLOWED = Duration.ofMinutes(1);

    /** A gateway that begins with one trial more often than that will not prove it. */
    private static final int MOST_STARTS = 5;

    private final Journal journal;
    private final Machine machine;
    private final Trial trial;
    private final LastWords words;
    private final Activation activation;
    private final FirmwareReports reports;
    private final Limits limits;
    private boolean isKept;
    private volatile Optional<Problem> unproven = Optional.empty();

    /**
     * What else it needs.
     *
     * @param rounds how often a firmware of which nothing was heard is tried in all
     */
    record Limits(Engines engines, Images images, Waiting waiting, RuntimeSlots slots, int rounds, Site site) {
        Limits {
            if (rounds < 1) {
                throw new IllegalArgumentException("rounds must be 1 at least: " + rounds);
            }
        }
    }

    /** Who is asked, and what runs. */
    private record Situation(Engine engine, RunningSystem system) {}

    Continuation(
            Journal journal,
            Machine machine,
            Trial trial,
            LastWords words,
            Activation activation,
            FirmwareReports reports,
            Limits limits) {
        this.journal = journal;
        this.machine = machine;
        this.trial = trial;
        this.words = words;
        this.activation = activation;
        this.reports = reports;
        this.limits = limits;
    }

    /** Why what runs is not proven, where the machine cannot go back and this process tried. */
    Optional<Problem> unproven() {
        return unproven;
    }

    /** What runs may prove itself once more. */
    void tryAgain() {
        unproven = Optional.empty();
    }

    /**
     * What is under way is not wanted any more: what runs is kept once more, and only then is the other forgotten. There are engines that start next what
     * they installed, and after a power cut between the two nobody would know that it must prove itself.
     *
     * @throws IOException where the engine cannot do that; then it is still under way
     */
    void drop(Optional<Engine> engine) throws IOException, InterruptedException {
        if (journal.attempt().isEmpty() || engine.isEmpty()) {
            return; // where there is no engine, one that comes later must know of it
        }
        engine.get().installer().markGood();
        isKept = true;
        journal.change(Remembered::withoutAttempt);
    }

    /**
     * Boot loaders count starts: where nothing is under way, this one went well. Once in a process. Not while another system is installed or being installed:
     * there are engines for which that would count for the other one.
     */
    void keepWhatRuns(Optional<Engine> engine) throws InterruptedException {
        if (isKept || journal.attempt().isPresent() || engine.isEmpty()) {
            return;
        }
        try {
            engine.get().installer().markGood();
            isKept = true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot mark good what runs", e);
        }
    }

    /** Goes on; free where nothing is under way any more, or all of it is to begin anew. */
    Turn goOn() throws FirmwareRefused, IOException, InterruptedException {
        Optional<Attempt> found = journal.attempt();
        if (found.isEmpty() || unproven.isPresent()) {
            return Turn.FREE;
        }
        Attempt attempt = found.get();
        Optional<Situation> situation = situation();
        if (situation.isEmpty()) {
            return withoutEngine(attempt);
        }
        RunningSystem system = situation.get().system();
        boolean isNew = !system.slot().equals(attempt.origin().slot());
        return isNew
                ? onTrial(attempt, situation.get())
                : back(attempt, situation.get().engine());
    }

    private Optional<Situation> situation() throws InterruptedException {
        while (true) {
            Optional<Engine> engine = limits.engines().used();
            try {
                if (engine.isPresent()) {
                    RunningSystem system = engine.get().installer().running();
                    reports.runs(facts(engine.get(), system));
                    return Optional.of(new Situation(engine.get(), system));
                }
            } catch (IOException | RuntimeException e) { // of another bundle: it may still be starting
                LOG.log(System.Logger.Level.WARNING, "the engine does not say what runs", e);
            }
            if (!trial.hasTime()) {
                return Optional.empty();
            }
            limits.site().rest().take(ENGINE_AGAIN);
        }
    }

    private Facts facts(Engine engine, RunningSystem system) {
        RunningFirmware firmware = RunningFirmware.read(
                limits.site().root(),
                Optional.of(system.slot()),
                journal.remembered().applied());
        return new Facts(Optional.of(engine.name()), Optional.of(system), firmware);
    }

    /** Nobody can say what runs; so this is not as well as before, unless nothing has changed at all. */
    private Turn withoutEngine(Attempt attempt) throws IOException, InterruptedException {
        if (!attempt.isActivated() || machine.isBoot(attempt.origin().boot())) {
            return Turn.FREE;
        }
        String why = limits.engines()
                .used()
                .map(engine -> "the engine " + engine.name() + " does not say what runs")
                .orElseGet(limits.engines()::words);
        // each start is one of the boot loader's tries; where there are more of them than rounds, somebody must get a
        // chance to look
        if (attempt.origin().canFallBack() && attempt.round() <= limits.rounds()) {
            words.write(why);
            journal.changeIfPossible(remembered -> remembered.with(attempt.nextRound(attempt.stage())));
            return activation.restart(attempt);
        }
        throw new Failure("no-engine", why, null);
    }

    private Turn onTrial(Attempt found, Situation situation) throws IOException, InterruptedException {
        if (found.left().isPresent()) {
            return leave(found, situation.engine(), found.left().get());
        }
        if (found.stage() != Stage.PROVEN) {
            Attempt attempt = found.onTrial();
            journal.changeIfPossible(remembered -> remembered.with(attempt));
            Optional<String> failure = failure(attempt);
            if (failure.isPresent()) {
                return attempt.origin().canFallBack()
                        ? leave(attempt, situation.engine(), failure.get())
                        : stay(failure.get());
            }
        }
        return keep(found, situation);
    }

    private Optional<String> failure(Attempt attempt) throws InterruptedException {
        if (attempt.origin().canFallBack() && attempt.starts() > MOST_STARTS) {
            return Optional.of("the gateway ended " + MOST_STARTS + " times before anything was proven");
        }
        RunningFirmware said = RunningFirmware.saidBy(limits.site().root());
        if (said.contradicts(attempt.release())) {
            return Optional.of("the image says of itself that it is " + said.words() + ", and the document that it is "
                    + attempt.release().words());
        }
        reports.applying(attempt.desired(), "prove", 0);
        return trial.failure(attempt.origin().before());
    }

    /** The order survives a power cut: that it is proven is on flash before the engine keeps it, and that it is kept before anybody is told. */
    private Turn keep(Attempt attempt, Situation situation) throws IOException, InterruptedException {
        journal.change(remembered -> remembered.with(attempt.at(Stage.PROVEN)));
        situation.engine().installer().markGood();
        isKept = true;
        Applied applied = new Applied(attempt.release(), situation.system().slot());
        journal.change(remembered -> remembered.with(applied));
        words.forget();
        limits.images().forgetAll(Optional.of(situation.engine()));
        return Turn.FREE;
    }

    private Turn stay(String why) {
        unproven = Optional.of(new Problem("unproven", why + "; this machine cannot go back by itself"));
        return Turn.FREE;
    }

    private Turn leave(Attempt attempt, Engine engine, String why) throws Failure, InterruptedException {
        LOG.log(System.Logger.Level.ERROR, "{0} is left: {1}", attempt.release().version(), why);
        words.write(why);
        journal.changeIfPossible(remembered -> remembered.with(attempt.left(why)));
        reports.applying(attempt.desired(), "leave", 0);
        try {
            engine.installer().markBad();
        } catch (IOException | RuntimeException e) {
            // the boot loader goes back none the less when it has tried often enough
            LOG.log(System.Logger.Level.ERROR, "cannot mark bad what runs", e);
        }
        return activation.restart(attempt);
    }

    private Turn back(Attempt attempt, Engine engine) throws FirmwareRefused, IOException, InterruptedException {
        if (!attempt.isActivated()) {
            return Turn.FREE;
        }
        if (machine.isBoot(attempt.origin().boot())) {
            return restartAgain(attempt, engine);
        }
        Set<String> known = attempt.origin().panics();
        Optional<Problem> word = words.read(known).or(() -> attempt.left().map(why -> new Problem("unhealthy", why)));
        if (word.isEmpty() && attempt.round() < limits.rounds()) {
            journal.change(remembered -> remembered.with(attempt.nextRound(Stage.INSTALLING)));
            return Turn.FREE;
        }
        Problem problem = word.orElseGet(() -> new Problem(
                "unproven",
                "it was tried " + attempt.round() + " times, and each time what ran before came back without a word"));
        Optional<Artifact> log = words.send(problem, known);
        GivenUp givenUp = new GivenUp(attempt.release().digest(), "rolled-back", problem, log);
        journal.change(remembered -> remembered.with(givenUp));
        words.forget(known);
        limits.images().forgetAll(Optional.of(engine));
        reports.givenUp(attempt.desired(), givenUp);
        return Turn.FREE;
    }

    private Turn restartAgain(Attempt found, Engine engine) throws FirmwareRefused, IOException, InterruptedException {
        Optional<Path> image = limits.images().find(engine, found.release().sha256());
        if (image.isEmpty()) { // as where it lay in memory
            journal.change(remembered -> remembered.with(found.at(Stage.INSTALLING)));
            return Turn.FREE;
        }
        Attempt attempt = found.startedAgain();
        if (attempt.starts() > MOST_STARTS) {
            // where a restart ends this process and not the kernel, somebody must get a chance to look
            limits.site().rest().take(SLOWED);
        }
        limits.waiting().untilItMayRestart(attempt.desired(), attempt.release().window(), limits.slots());
        return activation.activate(attempt, engine, image.get());
    }
}
