package io.gatehouse.launcher;

import io.gatehouse.software.Software;
import java.io.IOException;
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
    private final int brokenEnds;
    private volatile @Nullable Framework framework;
    private volatile @Nullable StateFolder state;
    private volatile boolean stopping;
    private final long begun = System.nanoTime();

    Gateway(Settings settings, String version, int brokenEnds) {
        this.settings = settings;
        this.version = version;
        this.brokenEnds = brokenEnds;
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
            Image image = Image.read(settings.home());
            Recovery recovery = new Recovery(folder, brokenEnds);
            return run(folder, image, recovery, recovery.whatToStart(), made.get());
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

    private int run(StateFolder folder, Image image, Recovery recovery, Committed committed, Framework made)
            throws IOException, BundleException, InterruptedException {
        Links links = Links.clean(settings.cache().resolve("links"));
        made.init();
        framework = made;

        Worker worker = new Worker();
        BundleContext system = made.getBundleContext();
        Jars jars = new Jars(image, folder);
        Bundles bundles = new Bundles(system, links, jars, worker);
        Planner planner = new Planner(image, bundles, jars);
        Whiteboard whiteboard = new Whiteboard(system, worker);
        RunningSoftware software = new RunningSoftware(
                image,
                jars,
                planner,
                () -> folder.previous().map(Committed::document),
                committed.document(),
                folder.verdict());
        system.registerService(Software.class, software, null);
        system.addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
                software.frameworkStops();
            }
        });

        ColdStart start = new ColdStart(made, image, bundles);
        if (!starts(worker, start, recovery, committed)) {
            return RESTART;
        }
        Applying applying = new Applying(image, jars, bundles, planner, whiteboard, worker, settings.settle());
        Changes changes = new Changes(folder, software, applying, whiteboard, worker);
        return changes.carryOut(committed) ? stopped(made) : RESTART;
    }

    private boolean starts(Worker worker, ColdStart start, Recovery recovery, Committed committed)
            throws InterruptedException {
        String why;
        try {
            int count = worker.call(Deadline.in(settings.startDeadline()), () -> start.start(committed.document()));
            recovery.started(committed);
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
        }
        return false;
    }

    /** The framework was stopped by a bundle: for good, or to be started again where it was updated. */
    private static int stopped(Framework framework) throws InterruptedException {
        int how = framework.waitForStop(LONGEST_STOP.toMillis()).getType();
        return how == FrameworkEvent.STOPPED ? 0 : RESTART;
    }
}
