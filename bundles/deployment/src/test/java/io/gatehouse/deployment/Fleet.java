package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.software.Part;
import io.gatehouse.software.Proof;
import io.gatehouse.testkit.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.hooks.service.ListenerHook;

/** A reconciler in a real framework, with everything else at the test's command. */
final class Fleet implements AutoCloseable {
    /** By a key that vouches. */
    static final Desired.Signature SIGNATURE =
            new Desired.Signature(TestTrust.OPERATOR.kid(), Instant.parse("2026-01-02T00:00:00Z"));

    final FakeSoftware software = new FakeSoftware();
    final FakeArtifacts artifacts = new FakeArtifacts();
    final FakeOutbox outbox = new FakeOutbox();
    final TestJars jars;
    final TestLicensing licensing;
    private MemoryStore store = new MemoryStore();
    private final Framework framework;
    volatile TrustDocument trust = TestTrust.document(List.of());
    private volatile Proof path = touched -> List.of();
    private Optional<Reconciler> reconciler = Optional.empty();
    private Signals signals = new Signals(Duration.ZERO);
    private Optional<Granted> granted = Optional.empty();
    private Licenses licenses;
    private Preparation preparation;

    Fleet(Path folder) throws Exception {
        this.jars = new TestJars(folder);
        this.framework = new Framework(folder.resolve("cache"), "");
        this.licensing = new TestLicensing(framework.context());
        prepare(true);
    }

    void path(Proof path) {
        this.path = path;
    }

    /** Starts a reconciler, as if the process had just begun. */
    Reconciler start() {
        return start(Duration.ofMillis(1), true);
    }

    Reconciler start(Duration quiet, boolean mayRestart) {
        Policy policy = policy(quiet, mayRestart);
        signals = new Signals(quiet);
        prepare(mayRestart);
        Reconciler started = new Reconciler(
                software,
                preparation,
                licenses,
                new Reports(outbox, software, name -> "active", new Progress(System::nanoTime)),
                touched -> path.complaints(touched),
                policy,
                signals);
        reconciler = Optional.of(started);
        Thread thread = new Thread(started::run, "reconciler");
        thread.setDaemon(true);
        thread.start();
        return started;
    }

    Rehearsal rehearsal() {
        return new Rehearsal(software, preparation, signals);
    }

    void forgetOthers() {
        try {
            preparation.forgetOthers();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The filters in which somebody asks for a license, as they come and go. */
    List<String> listenedTo() {
        List<String> filters = new CopyOnWriteArrayList<>();
        framework
                .context()
                .registerService(
                        ListenerHook.class,
                        new ListenerHook() {
                            @Override
                            public void added(Collection<ListenerInfo> listeners) {
                                listeners.forEach(one -> {
                                    if (String.valueOf(one.getFilter()).contains("license")) {
                                        filters.add(one.getFilter());
                                    }
                                });
                            }

                            @Override
                            public void removed(Collection<ListenerInfo> listeners) {
                                listeners.forEach(one -> filters.remove(one.getFilter()));
                            }
                        },
                        null);
        return filters;
    }

    /** The process and whoever grants licenses are gone. The next finds in the store what was there at its last sync. */
    void powerCut() {
        reconciler.ifPresent(Reconciler::close);
        store = store.afterPowerCut();
        licensing.end();
    }

    private void prepare(boolean mayRestart) {
        granted.ifPresent(Granted::close);
        Signals told = signals;
        Granted conditions = new Granted(framework.context(), () -> told.again(false));
        Shelf shelf = new Shelf(software, artifacts, store);
        granted = Optional.of(conditions);
        licenses = new Licenses(conditions, software, shelf, new Dependence(framework.context(), software, shelf));
        preparation = new Preparation(
                software,
                shelf,
                licenses,
                new Resolving(framework.context(), framework.resolver()),
                new Provenance(() -> Optional.of(trust)),
                policy(Duration.ZERO, mayRestart));
    }

    private static Policy policy(Duration quiet, boolean mayRestart) {
        return new Policy(quiet, Duration.ofSeconds(60), mayRestart, Duration.ofMillis(10));
    }

    /** A bundle that the fleet serves. */
    Path served(String symbolicName, String version, String... headers) throws IOException {
        return served(jars.bundle(symbolicName, version, headers));
    }

    Path served(Path jar) throws IOException {
        artifacts.served.put(Sha256.of(jar), jar);
        return jar;
    }

    /** A bundle of the image that runs. */
    Part image(String symbolicName, String version, String... headers) throws Exception {
        Path jar = jars.bundle(symbolicName, version, headers);
        framework.start(jar);
        Artifact artifact = TestJars.artifact(jar);
        software.jars.put(artifact.sha256().hex(), jar);
        return new Part(
                "image:" + symbolicName + ":" + version,
                symbolicName,
                version,
                artifact.sha256().hex(),
                Files.size(jar));
    }

    static Desired desired(String scope, int breadth, Feature feature) {
        return new Desired(
                scope + "/desired/feature/f",
                breadth,
                Optional.of("f"),
                feature.write(),
                Sha256.of(Json.write(feature.write())).hex(),
                Optional.of(SIGNATURE));
    }

    /** Wanted of the device itself. */
    static List<Desired> wanted(Feature feature) {
        return List.of(desired("dwr/x/1", 3, feature));
    }

    @Override
    public void close() throws IOException {
        reconciler.ifPresent(Reconciler::close);
        framework.close();
    }
}
