package io.gatehouse.launcher;

import io.gatehouse.software.RuntimeSlots;
import io.gatehouse.software.Software;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.felix.framework.FrameworkFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;

/** One gateway, from its start to its end in this process. */
final class Gateway {
    /** It wants to be started again at once. */
    static final int RESTART = 75;

    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    private final Settings settings;
    private final String version;
    private final Supervisor supervisor;
    private volatile @Nullable Framework framework;
    private volatile @Nullable StateFolder state;
    private volatile boolean stopping;
    private final FactoryReset reset;
    private final long begun = System.nanoTime();

    Gateway(Settings settings, String version, Supervisor supervisor) {
        this.settings = settings;
        this.version = version;
        this.supervisor = supervisor;
        this.reset = new FactoryReset(settings.state());
    }

    /**
     * Runs until the framework stops or cannot be steered.
     *
     * @return the process's exit code
     * @throws Misuse where there is nothing to start, or no folder to start it on
     */
    int run() throws Misuse, InterruptedException {
        // to make the framework takes as long as to read the rest, and it touches no disk before it is initialized
        FutureTask<Framework> made =
                new FutureTask<>(() -> new FrameworkFactory().newFramework(FrameworkProperties.of(settings, version)));
        Thread maker = new Thread(made, "gatehouse-framework");
        maker.setDaemon(true);
        maker.start();
        try (StateFolder folder = StateFolder.open(settings.state())) {
            state = folder;
            reset.carryOut();
            Image image = Image.read(settings.home());
            Optional<SlotFolder> slots = supervisor.slots().map(path -> new SlotFolder(path, settings.home()));
            Probation probation = new Probation(slots, settings, begun);
            Recovery recovery = new Recovery(folder, supervisor.brokenEnds(), probation.isOn());
            return run(folder, image, slots, probation, recovery, made.get());
        } catch (IOException | BundleException | ExecutionException e) {
            throw new Misuse("cannot start the framework on " + settings.cache(), e);
        }
    }

    /** Stops it from another thread, within a few seconds. {@link #run} may return meanwhile, or not. */
    void stop() {
        stopping = true;
        StateFolder folder = state;
        Framework running = framework;
        try {
            if (folder != null) {
                folder.freeze();
            }
            if (running != null) {
                running.stop();
                running.waitForStop(LONGEST_STOP.toMillis());
            }
        } catch (IOException | BundleException | InterruptedException e) {
            LOG.log(System.Logger.Level.WARNING, "did not stop well", e);
        }
    }

    boolean isStopping() {
        return stopping;
    }

    Optional<BundleContext> context() {
        return Optional.ofNullable(framework).map(Framework::getBundleContext);
    }

    private int run(
            StateFolder folder,
            Image image,
            Optional<SlotFolder> slotFolder,
            Probation probation,
            Recovery recovery,
            Framework made)
            throws IOException, BundleException, InterruptedException {
        Committed committed = recovery.whatToStart();
        Links links = Links.clean(settings.cache().resolve("links"));
        made.init();
        framework = made;

        Worker worker = watched(made);
        BundleContext system = made.getBundleContext();
        Jars jars = new Jars(image, folder);
        Bundles bundles = new Bundles(system, links, jars, worker);
        Planner planner = new Planner(image, bundles, jars);
        Whiteboard whiteboard = new Whiteboard(system, worker, bundles.isolation());
        RunningSoftware software = new RunningSoftware(
                image,
                jars,
                planner,
                () -> folder.previous().map(Committed::document),
                bundles.isolation()::holds,
                committed.document(),
                folder.verdict());
        RunningSlots slots = new RunningSlots(slotFolder, version, system, software, bundles, whiteboard, reset);
        offer(system, settings.clock(), software, slots);
        if (!starts(new ColdStart(made, image, bundles), worker, recovery, probation, committed)
                || !proves(probation, slots, () -> probation.pass(software.running(), bundles, whiteboard, worker))) {
            return RESTART;
        }
        Applying applying = new Applying(image, jars, bundles, planner, whiteboard, worker, settings.settle());
        if (!new Changes(folder, software, applying, whiteboard, worker).carryOut(committed)) {
            return RESTART;
        }
        int code = stopped(made);
        return slots.isEnding() ? RESTART : code;
    }

    /** What calls bundles' code, and whose caller is looked after where systemd wants to be told that this goes on. */
    private Worker watched(Framework made) {
        Worker worker = new Worker();
        if (supervisor.watchdog().isPresent()) {
            Watchdog.start(made, worker, supervisor.watchdog().get());
        }
        return worker;
    }

    private static void offer(BundleContext system, Clock clock, RunningSoftware software, RunningSlots slots) {
        system.registerService(Clock.class, clock, null);
        system.registerService(Software.class, software, null);
        system.registerService(RuntimeSlots.class, slots, null);
        system.addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
                software.frameworkStops();
            }
        });
    }

    private boolean starts(ColdStart start, Worker worker, Recovery recovery, Probation probation, Committed committed)
            throws InterruptedException {
        String why;
        try {
            int count = worker.call(Deadline.in(settings.startDeadline()), () -> start.start(committed.document()));
            recovery.started(committed);
            reset.end();
            LOG.log(
                    System.Logger.Level.INFO,
                    "gatehouse " + version + " runs " + count + " bundles, started in "
                            + (System.nanoTime() - begun) / 1_000_000 + " ms");
            return true;
        } catch (ChangeFailed e) {
            why = e.detail();
        } catch (Hung e) {
            why = e.detail();
        }
        if (!stopping) {
            LOG.log(System.Logger.Level.ERROR, "the start failed: " + why);
            recovery.failed(committed, why);
            probation.failed(why);
        }
        return false;
    }

    private boolean proves(Probation probation, RunningSlots slots, Passing passing) throws InterruptedException {
        try {
            passing.pass();
            slots.proven();
            return true;
        } catch (ChangeFailed | Hung | IOException e) {
            if (!stopping) {
                LOG.log(System.Logger.Level.ERROR, "this runtime does not prove itself", e);
                probation.failed(String.valueOf(e.getMessage()));
            }
            return false;
        }
    }

    private interface Passing {
        void pass() throws ChangeFailed, Hung, InterruptedException;
    }

    /** The framework was stopped by a bundle: for good, or to be started again where it was updated. */
    private static int stopped(Framework framework) throws InterruptedException {
        int how = framework.waitForStop(LONGEST_STOP.toMillis()).getType();
        return how == FrameworkEvent.STOPPED ? 0 : RESTART;
    }
}
