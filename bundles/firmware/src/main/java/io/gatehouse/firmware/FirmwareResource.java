package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.device.Inhibitor;
import io.gatehouse.api.device.Inhibitors;
import io.gatehouse.api.firmware.FirmwareInstaller;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import io.gatehouse.software.RuntimeSlots;
import io.gatehouse.software.Software;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The resource {@code firmware}. What is wanted last is what is worked at, but what is on trial is brought to its end first, also where nobody says what is
 * wanted: so it is there from the start. There is a thread only while there is work.
 */
@Component(
        service = {FirmwareResource.class, DesiredResource.class, Inhibitor.class},
        immediate = true,
        configurationPid = "io.gatehouse.firmware",
        property = {"gatehouse.resource=firmware", "gatehouse.inhibits=command"})
public final class FirmwareResource implements DesiredResource, Inhibitor {
    private static final Duration QUIET = Duration.ofMillis(500);

    private final Journal journal;
    private final Machine machine;
    private final Activation activation;
    private final Engines engines;
    private final Continuation continuation;
    private final Taking taking;
    private final Reconciliation reconciliation;
    private final FirmwareReports reports;
    private final Backoff backoff;
    private final Rest rest;
    private final Worker worker = new Worker(this::work);
    private volatile Optional<List<Desired>> latest = Optional.empty();

    /** What can be set. */
    @interface Config {
        /** The engine to use, by its name; empty for the one with the highest service ranking. */
        String engine() default "";

        /** By when from the gateway's start a firmware on trial must have proven itself; ISO 8601. */
        String probation() default "PT5M";

        /** For so long it must stay well then; ISO 8601. */
        String settle() default "PT10S";

        /** The last device of a scope begins to fetch so much later than the first; ISO 8601. Which is which comes of the device's name and the document. */
        String spread() default "PT5M";

        /** Interfaces whose use costs, by their names: while the default route goes out by one of these, nothing is begun. */
        String[] metered() default {};

        /** Percent of its battery below which a machine that nothing else feeds begins nothing; 0: the battery is not asked. */
        int battery() default 0;

        /** Files whose last 64 KiB are told of a firmware that is left, by their absolute paths. */
        String[] logs() default {};

        /** The program that restarts the machine, by its absolute path, and its arguments. */
        String[] rebootCommand() default {"/sbin/reboot"};

        /** How often a firmware that the machine came back from without a word is tried in all. */
        int rounds() default 3;
    }

    /** Whose services it uses. */
    record Services(
            RuntimeSlots slots, Artifacts artifacts, Outbox outbox, Store store, Device device, GoAhead goAhead) {}

    @Activate
    public FirmwareResource(
            BundleContext context,
            Config config,
            @Reference RuntimeSlots slots,
            @Reference Artifacts artifacts,
            @Reference Outbox outbox,
            @Reference Store store,
            @Reference Device device) {
        this(
                config,
                new Services(slots, artifacts, outbox, store, device, goAhead(context, config)),
                new Site(
                        Path.of("/"),
                        folder(context, "gatehouse.state").resolve("firmware").resolve("left"),
                        folder(context, "gatehouse.artifacts").resolve("firmware"),
                        Clock.systemUTC(),
                        System::nanoTime,
                        new SplittableRandom(),
                        time -> Thread.sleep(time.toMillis())));
    }

    FirmwareResource(Config config, Services services, Site site) {
        this.machine = new Machine(site.root(), List.of(config.rebootCommand()));
        Images images = new Images(services.artifacts(), site.images());
        LastWords words = words(config, services, site);
        this.rest = site.rest();
        this.journal = new Journal(services.store());
        this.engines = new Engines(config.engine());
        this.reports = new FirmwareReports(services.outbox(), site.nanos());
        this.backoff = new Backoff(site.random());
        this.activation = new Activation(journal, machine, reports, rest);
        Waiting waiting = new Waiting(services.goAhead(), spread(config, services.device()), reports, site);
        this.continuation = new Continuation(
                journal,
                machine,
                trial(config, services, site),
                words,
                activation,
                reports,
                new Continuation.Limits(engines, images, waiting, services.slots(), config.rounds(), site));
        this.taking = new Taking(
                journal,
                images,
                new Fetching(images, waiting, reports, site),
                waiting,
                new Taking.Sources(machine, words, services.slots()),
                activation,
                reports);
        this.reconciliation = new Reconciliation(
                journal,
                engines,
                continuation,
                taking,
                reports,
                backoff,
                new Reconciliation.Around(services.slots(), images, site));
        if (journal.attempt().isPresent()) {
            worker.begin();
        }
    }

    private static LastWords words(Config config, Services services, Site site) {
        List<Path> logs = Arrays.stream(config.logs()).map(Path::of).toList();
        return new LastWords(site.left(), logs, services.artifacts(), new KernelWords(site.root()));
    }

    private static Trial trial(Config config, Services services, Site site) {
        Duration probation = Duration.parse(config.probation());
        return new Trial(services.slots(), probation, Duration.parse(config.settle()), site.nanos(), site.rest());
    }

    private static Waiting.Spread spread(Config config, Device device) {
        return new Waiting.Spread(
                Duration.parse(config.spread()), device.name(), device.scopes().size() - 1);
    }

    @Deactivate
    void close() throws InterruptedException {
        worker.close();
    }

    /** One more engine is here. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addEngine(FirmwareInstaller installer, Map<String, ?> properties) {
        if (engines.add(installer, properties)) {
            worker.begin();
        }
    }

    /** An engine goes. */
    void removeEngine(FirmwareInstaller installer) {
        if (engines.remove(installer)) {
            worker.begin();
        }
    }

    @Override
    public void desired(List<Desired> all) {
        Optional<String> before = latest.flatMap(Wanted::digest);
        Map<String, String> documents = desired();
        latest = Optional.of(List.copyOf(all));
        boolean isSame = before.isPresent() && before.equals(Wanted.digest(all));
        if (isSame) {
            reports.areOf(documents, desired());
        }
        if (isSame && (documents.equals(desired()) || !reports.isTroubled(desired()))) {
            worker.look();
        } else {
            // Whoever says it anew after a failure does not want to wait for the next attempt either.
            backoff.reset();
            worker.begin();
        }
    }

    @Override
    public Optional<String> reason() {
        return taking.writing()
                .map(version -> "firmware " + version + " is being written")
                .or(() -> activation.starting().map(version -> "firmware " + version + " is being started"))
                .or(() -> journal.attempt()
                        .filter(this::isProvingItself)
                        .map(attempt -> "firmware " + attempt.release().version() + " is on trial"));
    }

    /** Where it could not be started, or did not prove itself and stays, the next start of the machine is what helps. */
    private boolean isProvingItself(Attempt attempt) {
        return attempt.isActivated()
                && !machine.isBoot(attempt.origin().boot())
                && continuation.unproven().isEmpty();
    }

    /** Nothing more is begun until it is resumed. */
    Outcome pause() throws Failure {
        journal.change(remembered -> remembered.paused(true));
        worker.begin();
        return Outcome.done(Map.of());
    }

    Outcome resume() throws Failure {
        journal.change(remembered -> remembered.paused(false));
        worker.begin();
        return Outcome.done(Map.of());
    }

    /**
     * Gives up the present wish.
     *
     * @param sequence of the firmware that is meant; nothing for whatever is wanted
     */
    Outcome cancel(Optional<Long> sequence) throws Failure {
        Optional<Outcome> other = otherThan(sequence);
        if (other.isPresent()) {
            return other.get();
        }
        Optional<String> digest = latest.flatMap(Wanted::digest);
        if (digest.isEmpty() || reports.isApplied(desired())) {
            return Outcome.refused("nothing-to-cancel", "no firmware is wanted but the one that runs");
        }
        GivenUp cancelled = GivenUp.refused(digest.get(), new Problem("cancelled", "by the command firmware.cancel"));
        journal.change(remembered -> isOnTrial(remembered) || remembered.isGivenUp(digest.get())
                ? remembered
                : remembered.givingUp(cancelled));
        if (isOnTrial(journal.remembered())) {
            return Outcome.refused("on-trial", "it was started already, and is kept or left by what it proves");
        }
        if (!journal.remembered().givenUp().equals(Optional.of(cancelled))) {
            return Outcome.refused("nothing-to-cancel", "the firmware that is wanted is given up already");
        }
        worker.begin();
        return Outcome.done(Map.of());
    }

    /**
     * Tries again what was refused, failed, cancelled or rolled back.
     *
     * @param sequence of the firmware that is meant; nothing for whatever is wanted
     */
    Outcome retry(Optional<Long> sequence) throws Failure {
        Optional<Outcome> other = otherThan(sequence);
        if (other.isPresent()) {
            return other.get();
        }
        if (!reports.isTroubled(desired())) {
            return Outcome.refused("nothing-to-retry", "the firmware that is wanted neither failed nor was refused");
        }
        journal.change(Remembered::withoutGivenUp);
        continuation.tryAgain();
        backoff.reset();
        worker.begin();
        return Outcome.done(Map.of());
    }

    /** A command may come late, when something else is wanted already. */
    private Optional<Outcome> otherThan(Optional<Long> meant) {
        if (meant.isEmpty()) {
            return Optional.empty();
        }
        Optional<Long> wanted = latest.flatMap(Wanted::sequence);
        return wanted.equals(meant)
                ? Optional.empty()
                : Optional.of(Outcome.refused(
                        "other-firmware",
                        wanted.map(sequence -> "the firmware with sequence " + sequence + " is wanted")
                                        .orElse("no firmware is wanted that has a sequence")
                                + ", and not " + meant.get()));
    }

    private Map<String, String> desired() {
        return latest.map(Wanted::digests).orElse(Map.of());
    }

    private static boolean isOnTrial(Remembered remembered) {
        return remembered.attempt().filter(Attempt::isActivated).isPresent();
    }

    private void work(Worker me) throws InterruptedException {
        rest.take(QUIET); // a burst is one wish
        Turn ended = reconcile(me);
        while (ended instanceof Turn.Later later) {
            me.allowInterrupts();
            rest.take(later.after());
            me.forbidInterrupts();
            ended = reconcile(me);
        }
    }

    private Turn reconcile(Worker me) throws InterruptedException {
        reports.beginTurn(); // before it is looked at what is wanted: newer documents of it count then, or in this turn
        return reconciliation.reconcile(latest, me);
    }

    private static GoAhead goAhead(BundleContext context, Config config) {
        return new GoAhead(
                Inhibitors.of(context, Inhibitors.FIRMWARE),
                () -> isChanging(context),
                Set.of(config.metered()),
                config.battery(),
                Path.of("/"));
    }

    /** The launcher's service is there before the first bundle starts. */
    private static boolean isChanging(BundleContext context) {
        ServiceReference<Software> reference = context.getServiceReference(Software.class);
        Software software = reference == null ? null : context.getService(reference);
        try {
            return software != null && software.isChanging();
        } finally {
            if (reference != null) {
                context.ungetService(reference);
            }
        }
    }

    private static Path folder(BundleContext context, String property) {
        String folder = context.getProperty(property);
        if (folder == null) {
            throw new IllegalStateException(
                    "the framework property " + property + " is missing: the launcher sets it to a folder");
        }
        return Path.of(folder);
    }
}
