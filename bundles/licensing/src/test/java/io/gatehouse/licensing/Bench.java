package io.gatehouse.licensing;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.DeviceClock;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Term;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import io.gatehouse.testkit.FakeClock;
import io.gatehouse.testkit.FakeDevice;
import io.gatehouse.testkit.MemoryStore;
import io.gatehouse.testkit.RecordedOutbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.ListenerHook;
import org.osgi.framework.launch.Framework;
import org.osgi.service.condition.Condition;

/** A device in a real framework whose time passes when it is told to, and the issuers of its licenses. */
final class Bench implements AutoCloseable {
    static final String DEVICE = "dwr/311-a1/00-11-22-33-44-55";
    static final Instant BEGIN = Instant.parse("2026-06-01T12:00:00Z");

    final SigningKey acme = SigningKey.generate();
    final SigningKey other = SigningKey.generate();
    private final SigningKey root = SigningKey.generate();
    final FakeClock wall = new FakeClock(BEGIN);
    final Path folder;
    RecordedOutbox outbox = new RecordedOutbox();
    MemoryStore store = new MemoryStore();
    final AtomicInteger puts = new AtomicInteger();
    final AtomicInteger syncs = new AtomicInteger();
    Instant floor = Instant.parse("2026-01-01T00:00:00Z");
    Framework framework;

    private final Map<String, Desired> licenses = new TreeMap<>();
    private final Map<String, Desired> revocations = new TreeMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private Optional<Desired> trust = Optional.empty();
    private Licensing licensing;
    private Conditions conditions;
    private Asking asking;
    private ReplacedOutbox door = new ReplacedOutbox(outbox);
    private Duration running = Duration.ZERO;

    private record Task(Duration due, Runnable work) {}

    Bench(Path folder) throws BundleException {
        this.folder = folder;
        trust(key(acme, "acme", false, "com.acme.*"), key(other, "other", false, "*"));
        start();
    }

    static TrustedKey key(SigningKey key, String issuer, boolean retired, String... features) {
        return new TrustedKey(
                key.jwk(),
                Set.of(Role.LICENSE),
                List.of(new Scope("dwr")),
                retired,
                Optional.of(new Licensor(issuer, List.of(features))));
    }

    private void start() throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", folder.resolve("cache").toString(),
                        "org.osgi.framework.storage.clean", "onFirstInit",
                        "org.osgi.framework.system.packages.extra", "org.osgi.service.condition;version=1.0.0",
                        "felix.log.level", "1"));
        framework.start();
        asking = new Asking();
        framework.getBundleContext().registerService(ListenerHook.class, asking, null);
        conditions = new Conditions(framework.getBundleContext(), Duration.ofSeconds(2));
        startLicensing();
    }

    private void startLicensing() {
        tasks.clear();
        door = new ReplacedOutbox(outbox);
        CountedStore counted = new CountedStore(store, puts, syncs);
        licensing = new Licensing(
                new Licensing.Services(FakeDevice.named(DEVICE), this::time, counted, door, conditions, asking),
                new Licensing.Site(
                        Optional.of(folder.resolve("licenses")), folder, () -> running.toNanos(), this::after));
        tellAll();
    }

    private Runnable after(Duration delay, Runnable work) {
        Task task = new Task(running.plus(delay), work);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    private DeviceClock.Time time() {
        return new DeviceClock.Time(wall.instant(), floor, !wall.instant().isBefore(floor.minusSeconds(600)));
    }

    private void tellAll() {
        tell();
        settle();
    }

    /** Tells what is wanted, and waits for nothing. */
    void tell() {
        licensing.licenses(List.copyOf(licenses.values()));
        licensing.revocations(List.copyOf(revocations.values()));
        licensing.trust(List.copyOf(trust.stream().toList()));
    }

    /** Whether another outbox is in the place of the one that licensing has. */
    void outboxIsReplaced(boolean isReplaced) {
        door.isReplaced = isReplaced;
    }

    /** As when a service that it needs is replaced. */
    void replaceLicensing() throws InterruptedException {
        licensing.stop();
        startLicensing();
    }

    void stopLicensing() throws InterruptedException {
        licensing.stop();
    }

    /** Another process of the same device, after an orderly end of this one. */
    void restart() throws BundleException, InterruptedException {
        licensing.stop();
        stopFramework();
        outbox = new RecordedOutbox();
        start();
    }

    /** Another process of the same device, with what was on flash. */
    void cutPower() throws BundleException {
        stopFramework();
        store = store.afterPowerCut();
        outbox = new RecordedOutbox();
        start();
    }

    void trust(TrustedKey... keys) {
        List<TrustedKey> all = new ArrayList<>(List.of(keys));
        all.add(new TrustedKey(root.jwk(), Set.of(Role.ROOT), List.of(new Scope("dwr")), false));
        TrustDocument document = new TrustDocument(1, all, List.of());
        trust = Optional.of(desired("dwr/desired/trust", 0, Optional.empty(), document.write()));
        if (licensing != null) {
            tellAll();
        }
    }

    void trustNobody() {
        trust = Optional.empty();
        tellAll();
    }

    void bring(String name, Object token) {
        bring(name, 2, token);
    }

    /** At a narrower or wider scope of the device. */
    void bring(String name, int breadth, Object token) {
        want(name, breadth, token);
        tellAll();
    }

    /** As {@link #bring}, with what is told next. */
    void want(String name, int breadth, Object token) {
        String topic = "scope" + breadth + "/desired/license/" + name;
        licenses.put(topic, desired(topic, breadth, Optional.of(name), token));
    }

    void takeAway(String name) {
        licenses.values().removeIf(one -> one.name().equals(Optional.of(name)));
        tellAll();
    }

    /** It is not there when the next process starts. */
    void takeAwayWhileOff(String name) throws BundleException, InterruptedException {
        licenses.values().removeIf(one -> one.name().equals(Optional.of(name)));
        restart();
    }

    void revoke(SigningKey key, Revocations list) {
        revokeAt("dwr", list.issuer(), sign(key, Revocations.TYPE, list.write()));
    }

    void revokeAt(String scope, String issuer, Object token) {
        wantList(scope, issuer, token);
        tellAll();
    }

    /** As {@link #revokeAt}, with what is told next. */
    void wantList(String scope, String issuer, Object token) {
        String topic = scope + "/desired/revocation/" + issuer;
        revocations.put(topic, desired(topic, 0, Optional.of(issuer), token));
    }

    void takeListsAway() {
        revocations.clear();
        tellAll();
    }

    private static Desired desired(String topic, int breadth, Optional<String> name, Object spec) {
        return new Desired(topic, breadth, name, spec, String.valueOf(spec.hashCode()), Optional.empty());
    }

    /** The licenses that are wanted. */
    List<Desired> licenses() {
        return List.copyOf(licenses.values());
    }

    /** The trust document that is wanted. */
    List<Desired> trusted() {
        return trust.stream().toList();
    }

    /** Looks that were to come soon have come. */
    void settle() {
        pass(Duration.ofSeconds(1));
    }

    /** The gateway runs for so long, by a clock that goes right. */
    void pass(Duration length) {
        Duration end = running.plus(length);
        for (Optional<Task> next = next(end); next.isPresent(); next = next(end)) {
            tasks.remove(next.get());
            wall.advance(next.get().due().minus(running));
            running = next.get().due();
            next.get().work().run();
        }
        wall.advance(end.minus(running));
        running = end;
    }

    private Optional<Task> next(Duration end) {
        return tasks.stream().filter(task -> task.due().compareTo(end) <= 0).min(Comparator.comparing(Task::due));
    }

    /** How many looks are still to come. */
    int waiting() {
        return tasks.size();
    }

    /** Looks again, as after anything that happened. */
    void look() {
        tellAll();
    }

    static String sign(SigningKey key, Jwt.Type type, Map<String, ?> claims) {
        try {
            return Jwt.sign(key, type, claims);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A token of Acme's for {@code com.acme.rain}. */
    String token(String jti, long sequence, Term term) {
        return sign(acme, License.TYPE, license(jti, sequence, term).write());
    }

    static License license(String jti, long sequence, Term term) {
        TreeMap<String, Limits> features = new TreeMap<>(Map.of("com.acme.rain", Limits.NONE));
        return new License(
                new License.Id("acme", jti),
                new Scope("dwr/311-a1"),
                BEGIN,
                sequence,
                features,
                term,
                Optional.empty());
    }

    static Term until(Duration end, Duration grace) {
        return new Term(Optional.empty(), Optional.of(BEGIN.plus(end)), Optional.empty(), Optional.empty(), grace);
    }

    /** The conditions that are there: their properties by their ids, without the framework's own. */
    Map<String, Map<String, Object>> conditions() {
        Map<String, Map<String, Object>> conditions = new TreeMap<>();
        try {
            for (ServiceReference<Condition> one : framework
                    .getBundleContext()
                    .getServiceReferences(Condition.class, "(osgi.condition.id=license.*)")) {
                Map<String, Object> properties = new LinkedHashMap<>();
                for (String name : one.getPropertyKeys()) {
                    if (!name.contains(".") && !name.equals("objectClass")) {
                        properties.put(name, one.getProperty(name));
                    }
                }
                conditions.put(String.valueOf(one.getProperty(Condition.CONDITION_ID)), properties);
            }
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        return conditions;
    }

    boolean isGranted() {
        return conditions().containsKey("license.com.acme.rain");
    }

    /** The states that events told, in order. */
    List<String> told() {
        return outbox.events("license").stream()
                .map(event -> String.valueOf(event.get("state")))
                .toList();
    }

    Map<String, ?> report() {
        List<Map<String, ?>> reports = outbox.reports("license");
        return reports.get(reports.size() - 1);
    }

    /** State of a license in the last report, and the type of its problem. */
    String reported(String name) {
        for (Object one : (List<?>) report().get("licenses")) {
            Map<?, ?> license = (Map<?, ?>) one;
            if (name.equals(license.get("name"))) {
                Object problem = license.get("problem") instanceof Map<?, ?> map ? " " + map.get("type") : "";
                return license.get("state") + String.valueOf(problem);
            }
        }
        return "absent";
    }

    /** As {@link #reported}, with what goes on in its place: sequence, state and the type of the problem of each. */
    List<String> rows(String name) {
        List<String> rows = new ArrayList<>();
        for (Object one : (List<?>) report().get("licenses")) {
            Map<?, ?> license = (Map<?, ?>) one;
            if (name.equals(license.get("name"))) {
                Object problem = license.get("problem") instanceof Map<?, ?> map ? " " + map.get("type") : "";
                rows.add(license.get("seq") + " " + license.get("state") + problem);
            }
        }
        return rows;
    }

    /** The revocation lists in the last report: issuer, sequence, state, the type of the problem and the topic, as far as they are there. */
    List<String> reportedLists() {
        List<String> lists = new ArrayList<>();
        for (Object one : (List<?>) report().get("revocations")) {
            Map<?, ?> list = (Map<?, ?>) one;
            StringBuilder words = new StringBuilder(String.valueOf(list.get("iss")));
            Optional.ofNullable(list.get("seq"))
                    .ifPresent(seq -> words.append(' ').append(seq));
            words.append(' ').append(list.get("state"));
            if (list.get("problem") instanceof Map<?, ?> problem) {
                words.append(' ').append(problem.get("type"));
            }
            Optional.ofNullable(list.get("topic"))
                    .ifPresent(topic -> words.append(" at ").append(topic));
            lists.add(words.toString());
        }
        return lists;
    }

    private void stopFramework() throws BundleException {
        framework.stop();
        try {
            framework.waitForStop(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws BundleException {
        stopFramework();
    }
}
