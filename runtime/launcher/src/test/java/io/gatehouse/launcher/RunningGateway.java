package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;

import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A gateway in this process, with a real framework. */
final class RunningGateway implements AutoCloseable {
    private final Gateway gateway;
    private final FutureTask<Integer> run;
    private final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    private final List<ChangeWatcher.Step> steps = new CopyOnWriteArrayList<>();

    private RunningGateway(Settings settings, Supervisor supervisor) {
        gateway = new Gateway(settings, "1.2.3", supervisor);
        run = new FutureTask<>(gateway::run);
        Thread thread = new Thread(run, "gateway under test");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts one and waits for it. */
    static RunningGateway start(Settings settings) {
        RunningGateway running = begin(settings);
        await().until(() -> running.run.isDone()
                || running.gateway
                        .context()
                        .map(context -> context.getBundle().getState() == Bundle.ACTIVE)
                        .orElse(false));
        running.watch();
        return running;
    }

    /** Starts one and does not wait. */
    static RunningGateway begin(Settings settings) {
        return begin(settings, Supervisor.NONE);
    }

    /** Starts one that this supervisor started, and does not wait. */
    static RunningGateway begin(Settings settings, Supervisor supervisor) {
        return new RunningGateway(settings, supervisor);
    }

    int exitCode() throws Exception {
        return run.get(20, TimeUnit.SECONDS);
    }

    boolean isRunning() {
        return !run.isDone();
    }

    BundleContext context() {
        return gateway.context().orElseThrow();
    }

    Software software() {
        return context().getService(context().getServiceReference(Software.class));
    }

    Verdict change(Part... parts) throws InterruptedException {
        return change(document(parts), Duration.ofSeconds(6));
    }

    Verdict change(Document target, Duration deadline) throws InterruptedException {
        steps.clear();
        software().change(target, deadline);
        return verdict();
    }

    Verdict verdict() throws InterruptedException {
        Verdict verdict = verdicts.poll(20, TimeUnit.SECONDS);
        if (verdict == null) {
            throw new AssertionError("the change does not end");
        }
        return verdict;
    }

    List<ChangeWatcher.Step> steps() {
        return List.copyOf(steps);
    }

    /** A document whose wish has one name for one list of parts. */
    static Document document(Part... parts) {
        StringBuilder wish = new StringBuilder();
        Arrays.stream(parts).forEach(part -> wish.append(part.sha256()));
        return new Document(
                List.of(parts),
                Map.of(),
                Map.of("D/desired/feature/test", Digests.sha256(wish.toString().getBytes())));
    }

    Optional<Bundle> bundle(String symbolicName) {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals(symbolicName))
                .findAny();
    }

    String state(String symbolicName) {
        return bundle(symbolicName)
                .map(bundle -> bundle.getState() == Bundle.ACTIVE
                        ? "active " + bundle.getVersion()
                        : "in state " + bundle.getState())
                .orElse("absent");
    }

    /** What the {@code Speaking} bundles say, by name. */
    String words() throws Exception {
        TreeSet<String> words = new TreeSet<>();
        for (ServiceReference<String> reference : context().getServiceReferences(String.class, null)) {
            words.add(reference.getProperty("by") + "=" + context().getService(reference));
        }
        return String.join(" ", words);
    }

    @Override
    public void close() {
        gateway.stop();
        await().until(run::isDone);
    }

    private void watch() {
        gateway.context()
                .filter(context -> !run.isDone())
                .ifPresent(context -> context.registerService(
                        ChangeWatcher.class,
                        new ChangeWatcher() {
                            @Override
                            public void begins(Step step) {
                                steps.add(step);
                            }

                            @Override
                            public void ended(Verdict verdict) {
                                verdicts.add(verdict);
                            }
                        },
                        null));
    }
}
