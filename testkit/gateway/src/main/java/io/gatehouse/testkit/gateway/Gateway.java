package io.gatehouse.testkit.gateway;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.BundleJar;
import io.gatehouse.cli.fleet.Call;
import io.gatehouse.cli.fleet.FeatureFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A gateway as it is shipped, in a process of its own, with a broker and an operator whom it trusts and who vouches for what is installed: so nothing that a
 * <em>vendor's</em> bundle is held to holds. Whatever is awaited is awaited for a minute at most; then an {@link AssertionError} shows what the gateway wrote last. For
 * one thread.
 */
public final class Gateway implements AutoCloseable {
    private static final Duration COMMAND_EXPIRY = Duration.ofSeconds(60);

    private final Options options;
    private final List<Step> done = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>(List.of(new Level()));
    private boolean isTouched;
    private Running running;
    private Wishes wishes = new Wishes();
    private Licenses licenses;

    /** Of each topic the place behind what was handed out last. */
    private final Map<String, Integer> handedOut = new HashMap<>();

    private int testFrom;

    /** How it is started. */
    record Options(String device, Optional<String> place, List<String> settings) {
        static final Options USUAL = new Options("testkit/gateway/1", Optional.empty(), List.of());
    }

    /** Something that changes the gateway, and can be done again to another. */
    @FunctionalInterface
    private interface Step {
        void run() throws NotApplied, InterruptedException;
    }

    /** Starts one; it is online when this returns. */
    static Gateway start(Options options) throws InterruptedException {
        return new Gateway(options);
    }

    private Gateway(Options options) throws InterruptedException {
        this.options = options;
        licenses = new Licenses(options.device());
        running = Running.start(options, this::clockMoved);
    }

    /** The device's name. */
    public String device() {
        return options.device();
    }

    /**
     * Installs what these files are, or updates to it: one bundle or more, or a feature file and bundles that it lists. Returns when the gateway has proven
     * and kept it.
     *
     * @throws NotApplied where it refused it or put it back; what was installed under that name before goes on
     * @throws IllegalArgumentException if a file is not there, or is no bundle
     */
    public void install(Path file, Path... others) throws NotApplied, InterruptedException {
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(List.of(others));
        try {
            boolean isOneName = files.size() == 1 || file.toString().endsWith(".json");
            Optional<String> name = isOneName
                    ? Optional.empty()
                    : Optional.of(BundleJar.read(file).artifactId());
            FeatureFile feature = FeatureFile.read(files, name);
            Wish wish = Wish.feature(scope(), feature.name(), new Envelope(Optional.of(feature.spec()), Rollout.ALL));
            take(() -> {
                running.carrier().serve(feature.files());
                wishes.carryOut(running, wish);
            });
        } catch (Trouble e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Takes away what was installed under a name: the artifact id of the first bundle, or of the feature file.
     *
     * @throws NotApplied where the gateway could not do without it, and put it back
     */
    public void remove(String name) throws NotApplied, InterruptedException {
        withdraw(Wish.FEATURE, name);
    }

    /**
     * Sets the configuration of a PID, whole: strings, numbers and truth values, and arrays and lists of them.
     *
     * @throws NotApplied where the gateway refused it or put it back
     */
    public void configure(String pid, Map<String, ?> values) throws NotApplied, InterruptedException {
        if (!Names.isPid(pid)) {
            throw new IllegalArgumentException("not a PID that a topic can name: " + pid + "; use " + Names.PID);
        }
        Wish wish =
                new Wish(scope(), "configuration", Optional.of(pid), new Envelope(Optional.of(values), Rollout.ALL));
        take(() -> wishes.carryOut(running, wish));
    }

    /** The next of {@link #observations} at this topic that was not handed out yet; waits until there is one. */
    public Observation awaitObservation(String topic) throws InterruptedException {
        return awaitObservation(topic, any -> true);
    }

    /** As {@link #awaitObservation(String)}, the next that fits; what comes before it is passed over. */
    public Observation awaitObservation(String topic, Predicate<Observation> fits) throws InterruptedException {
        String whole = options.device() + "/" + topic;
        Recording.Found found = running.recording()
                .await(
                        handedOut.getOrDefault(topic, testFrom),
                        message -> isNews(message, whole) && fits.test(observation(topic, message)),
                        Running.PATIENCE)
                .orElseThrow(() -> new AssertionError("nothing that fits came at " + whole + " within "
                        + Running.PATIENCE.toSeconds() + " s, but " + observations(topic) + unlicensed()
                        + "; the gateway wrote last:\n" + running.lastLines()));
        handedOut.put(topic, found.next());
        return observation(topic, found.message());
    }

    /**
     * What was published in this test so far, in order.
     *
     * @param topic below the device's name: {@code rain/rain} for an observation, {@code event/license} for an event, {@code reported/feature} for a report
     */
    public List<Observation> observations(String topic) {
        return running.recording().since(testFrom, message -> isNews(message, options.device() + "/" + topic)).stream()
                .map(message -> observation(topic, message))
                .toList();
    }

    /** Has a command run, and waits for its end. */
    public Outcome command(String name, Map<String, ?> arguments) throws InterruptedException {
        int mark = running.recording().mark();
        Call call = call(name, arguments);
        running.carrier().publish(running.authority().sign(call.message()));
        return running.recording()
                .await(mark, message -> end(call, message).isPresent(), Running.PATIENCE)
                .flatMap(found -> end(call, found.message()))
                .orElseThrow(() -> new AssertionError("the command " + name + " came to no end within "
                        + Running.PATIENCE.toSeconds() + " s; the gateway wrote last:\n" + running.lastLines()));
    }

    /** What a test that forgot to grant it would look for long. */
    private String unlicensed() {
        String topic = options.device() + "/reported/license";
        List<Message> reports =
                running.recording().since(0, message -> message.topic().equals(topic));
        List<String> asked = reports.isEmpty()
                ? List.of()
                : Json.read(reports.get(reports.size() - 1).payload()).strings("unlicensed");
        return asked.isEmpty() ? "" : "; something waits for a license of " + asked + ", which Gateway.grant gives it";
    }

    private Call call(String name, Map<String, ?> arguments) {
        try {
            return Call.of(running.carrier().fleet(), scope(), name, arguments, COMMAND_EXPIRY);
        } catch (Trouble e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Optional<Outcome> end(Call call, Message message) {
        return call.answer(message)
                .map(Call.Answer::reply)
                .filter(Reply.End.class::isInstance)
                .map(reply -> ((Reply.End) reply).outcome());
    }

    /**
     * Grants a feature for ever, or renews its license, by a key that may. Returns when the license is in force.
     *
     * @param limits whole numbers and truth values
     * @throws NotApplied where it is not
     */
    public void grant(String feature, Map<String, ?> limits) throws NotApplied, InterruptedException {
        grant(feature, limits, Optional.empty());
    }

    /** As {@link #grant(String, Map)}, for so long by the gateway's clock; to whole seconds. */
    public void grant(String feature, Map<String, ?> limits, Duration lasts) throws NotApplied, InterruptedException {
        grant(feature, limits, Optional.of(lasts));
    }

    private void grant(String feature, Map<String, ?> limits, Optional<Duration> lasts)
            throws NotApplied, InterruptedException {
        take(() -> licenses.grant(running, wishes, feature, limits, lasts));
    }

    /**
     * Revokes the license that grants a feature. Returns when that is no longer in force.
     *
     * @throws IllegalArgumentException if none does
     */
    public void revoke(String feature) throws InterruptedException {
        isTouched = true;
        licenses.revoke(running, wishes, feature);
    }

    /** Its clock. What is done to it is over with the test. */
    public GatewayClock clock() {
        return running.clock();
    }

    /** What can go wrong. */
    public Faults faults() {
        isTouched = true;
        return new Faults(running);
    }

    /** What the gateway and its supervising script wrote since it was started, by lines. */
    public List<String> log() {
        return running.log();
    }

    /** Licenses are looked at when anything changes; a clock that is set tells nobody. */
    private void clockMoved() throws InterruptedException {
        isTouched = true;
        if (licenses.areThere()) {
            running.carrier().publish(running.authority().trust());
        }
    }

    private void take(Step step) throws NotApplied, InterruptedException {
        isTouched = true;
        step.run();
        done.add(step);
    }

    private void withdraw(String resource, String name) throws NotApplied, InterruptedException {
        String topic = scope() + "/desired/" + resource + "/" + name;
        Wish wish = Optional.ofNullable(wishes.inForce().get(topic))
                .orElseThrow(() -> new IllegalArgumentException("nothing is wanted at " + topic + ", but at "
                        + wishes.inForce().keySet()));
        take(() -> wishes.withdraw(running, wish));
    }

    /** A class within the one that it was started for begins: with what the tests around it begin with. */
    void classBegins() throws NotApplied, InterruptedException {
        testBegins();
        levels.push(new Level());
    }

    /** It ends, and with it what its {@code @BeforeAll} did. */
    void classEnds() {
        isTouched |= levels.pop().isChanged();
    }

    /** Has everything as it was when the first test of the class began, where a test changed anything. */
    void testBegins() throws NotApplied, InterruptedException {
        Level level = levels.element();
        if (level.kept().isPresent() && isTouched) {
            List<Step> again = List.copyOf(done.subList(0, level.kept().get()));
            done.clear();
            running.close();
            wishes = new Wishes();
            licenses = new Licenses(options.device());
            running = Running.start(options, this::clockMoved);
            for (Step step : again) {
                take(step);
            }
        }
        if (level.kept().isEmpty()) {
            level.keep(done.size(), isTouched);
        }
        isTouched = false;
        testFrom = running.recording().mark();
        handedOut.clear();
    }

    private Scope scope() {
        return new Scope(options.device());
    }

    private static boolean isNews(Message message, String topic) {
        return message.topic().equals(topic) && message.payload().length > 0;
    }

    private static Observation observation(String topic, Message message) {
        return new Observation(topic, message.properties().first("boot").orElse(""), Json.read(message.payload()));
    }

    /** Ends it, and deletes what it wrote. */
    @Override
    public void close() {
        running.close();
    }
}
