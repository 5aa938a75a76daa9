package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Features over MQTT: installed, updated, removed, merged, refused and put back, in a gateway that goes on running. */
final class FeaturesTest {
    private static final String DEVICE = "dwr/311-a1/features";
    private static final String PLACE = "world/asia/taiwan";

    @TempDir
    static Path folder;

    private static Artemis broker;
    private static GatewayProcess gateway;
    private static Operator operator;
    private static Bundles bundles;

    private final Map<String, String> wished = new HashMap<>();

    @BeforeAll
    static void start() throws java.io.IOException {
        broker = new Artemis(java.nio.file.Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"), "--place", PLACE);
        operator = Operator.at(broker.uri());
        bundles = new Bundles(folder);
        operator.await("the first report", message -> message.topic().equals(DEVICE + "/reported/feature"));
    }

    @AfterAll
    static void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        System.out.println("— " + test.getDisplayName());
    }

    /** Each test leaves the gateway as it found it. */
    @AfterEach
    void takeAllAway() {
        if (wished.isEmpty()) {
            return;
        }
        int mark = operator.mark();
        wished.keySet().forEach(topic -> operator.publish(topic, Envelope.REMOVED.write(), true));
        operator.await(
                "a report of what is left",
                mark,
                message -> message.topic().equals(DEVICE + "/reported/feature")
                        && message.body().string("state").equals("applied")
                        && message.body().object("desired").values().keySet().stream()
                                .noneMatch(wished::containsKey));
    }

    private Members desire(String scope, String name, Feature feature) {
        String topic = scope + "/desired/feature/" + name;
        String digest = operator.desire(scope, name, feature);
        wished.put(topic, digest);
        return operator.ended(DEVICE, topic, digest);
    }

    private Members refusedDocument(String payload) {
        String topic = DEVICE + "/desired/feature/ill";
        String digest = operator.publish(topic, payload.getBytes(StandardCharsets.UTF_8), true);
        return operator.ended(DEVICE, topic, digest);
    }

    private static Optional<Members> bundle(Members report, String symbolicName) {
        return report.objects("bundles").stream()
                .filter(bundle -> bundle.string("symbolicName").equals(symbolicName))
                .findFirst();
    }

    private static String version(Members report, String symbolicName) {
        return bundle(report, symbolicName).map(b -> b.string("version")).orElse("absent");
    }

    private static void awaitVersion(String name, String version) {
        operator.await(
                "version " + version + " of " + name,
                message -> message.topic().equals(DEVICE + "/example/" + name)
                        && message.body().string("version").equals(version));
    }

    private static void assertApplied(Members report) {
        assertEquals("applied", report.string("state"), () -> report.values().toString());
    }

    private static Members assertProblem(String state, String type, Members report) {
        assertEquals(state, report.string("state"), () -> report.values().toString());
        Members problem = report.object("problem");
        assertEquals(type, problem.string("type"), () -> report.values().toString());
        return problem;
    }

    @Test
    void installsUpdatesDowngradesAndRemoves() {
        Path one = bundles.collector("rain", "1.0.0");
        Path two = bundles.collector("rain", "2.0.0");
        assertApplied(desire(DEVICE, "rain", operator.feature("com.acme:rain:1.0.0", one)));
        awaitVersion("rain", "1.0.0");
        Members updated = desire(DEVICE, "rain", operator.feature("com.acme:rain:2.0.0", two));
        assertEquals("2.0.0", version(updated, "com.acme.rain"));
        awaitVersion("rain", "2.0.0");
        Members downgraded = desire(DEVICE, "rain", operator.feature("com.acme:rain:1.0.0", one));
        assertEquals("1.0.0", version(downgraded, "com.acme.rain"));
        Members removed = operator.removed(DEVICE, DEVICE, "rain");
        assertEquals("absent", version(removed, "com.acme.rain"));
        wished.clear();
    }

    @Test
    void listensAtFamilyModelAndPlaceAndTheNarrowerScopeWins() {
        Path one = bundles.collector("scope", "1.0.0");
        Path two = bundles.collector("scope", "2.0.0");
        Path three = bundles.collector("scope", "3.0.0");
        assertEquals("3.0.0", version(desire("world", "s", operator.feature("com.acme:s:3", three)), "com.acme.scope"));
        assertEquals("1.0.0", version(desire("dwr", "s", operator.feature("com.acme:s:1", one)), "com.acme.scope"));
        assertEquals("2.0.0", version(desire(DEVICE, "s", operator.feature("com.acme:s:2", two)), "com.acme.scope"));
        Members back = operator.removed(DEVICE, DEVICE, "s");
        assertEquals("1.0.0", version(back, "com.acme.scope"));
    }

    @Test
    void twoFeaturesShareABundleThatStaysUntilTheLastIsGone() {
        Path shared = bundles.collector("shared", "1.0.0");
        assertApplied(desire(DEVICE, "left", operator.feature("com.acme:left:1", shared)));
        assertApplied(desire(DEVICE, "right", operator.feature("com.acme:right:1", shared)));
        Members one = operator.removed(DEVICE, DEVICE, "left");
        assertEquals("1.0.0", version(one, "com.acme.shared"));
        Members none = operator.removed(DEVICE, DEVICE, "right");
        assertEquals("absent", version(none, "com.acme.shared"));
        wished.clear();
    }

    @Test
    void configurationsComeAndGoWithTheFeature() {
        String pid = "com.acme.conf.Cconf";
        Path plugin = bundles.bundle("com.acme.conf", "1.0.0", Map.of(), "Cconf", """
                @org.osgi.service.component.annotations.Component
                @io.gatehouse.api.telemetry.Publishes(topic = "example/conf", period = "PT0.2S")
                public class Cconf implements io.gatehouse.api.telemetry.Collector {
                    private final Object limit;
                    @org.osgi.service.component.annotations.Activate
                    public Cconf(java.util.Map<String, Object> properties) { limit = properties.get("limit"); }
                    public io.gatehouse.api.telemetry.Reading read() {
                        return io.gatehouse.api.telemetry.Reading.of("limit",
                            limit == null ? "none" : limit + " " + limit.getClass().getSimpleName());
                    }
                }
                """);
        assertApplied(desire(
                DEVICE, "conf", operator.feature("com.acme:conf:1", Map.of(pid, Map.of("limit:Integer", 7)), plugin)));
        awaitLimit("7 Integer");
        assertApplied(desire(DEVICE, "conf", operator.feature("com.acme:conf:2", plugin)));
        awaitLimit("none");
    }

    private static void awaitLimit(String limit) {
        operator.await(
                "limit " + limit,
                message -> message.topic().equals(DEVICE + "/example/conf")
                        && message.body().string("limit").equals(limit));
    }

    @Test
    void aBurstIsOneChange() {
        int mark = operator.mark();
        Map<String, Feature> burst = new HashMap<>();
        for (int at = 0; at < 10; at++) {
            String name = "burst" + at;
            burst.put(name, operator.feature("com.acme:" + name + ":1", bundles.collector(name, "1.0.0")));
        }
        Map<String, String> digests = new HashMap<>();
        burst.forEach((name, feature) -> {
            String topic = DEVICE + "/desired/feature/" + name;
            wished.put(topic, "");
            digests.put(topic, operator.desire(DEVICE, name, feature));
        });
        operator.await(
                "all ten applied",
                mark,
                message -> message.topic().equals(DEVICE + "/reported/feature")
                        && message.body().string("state").equals("applied")
                        && message.body().object("desired").values().entrySet().containsAll(digests.entrySet()));
        long applied = operator
                .all(message -> message.topic().equals(DEVICE + "/reported/feature")
                        && message.body().string("state").equals("applied")
                        && message.body().object("desired").values().keySet().stream()
                                .anyMatch(digests::containsKey))
                .stream()
                .map(message -> message.body().object("desired").values())
                .distinct()
                .count();
        assertTrue(applied <= 3, "ten messages made " + applied + " changes");
    }

    @Test
    void planNamesWhatWouldChangeAndChangesNothing() {
        Path one = bundles.collector("plan", "1.0.0");
        Feature feature = operator.feature("com.acme:plan:1", one);
        Outcome outcome = operator.command(DEVICE, "feature.plan", Map.of("feature", feature.write()));
        Outcome.Done done = org.junit.jupiter.api.Assertions.assertInstanceOf(Outcome.Done.class, outcome);
        assertTrue(done.result().get("install").toString().contains("com.acme.plan"), done.toString());
        assertFalse(committed().contains("com.acme.plan"));
    }

    private static String committed() {
        try {
            Path file = gateway.state().resolve("current.json");
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void refusesATruncatedJarAndWhatIsNoBundle() throws java.io.IOException {
        String before = committed();
        Path good = bundles.collector("bad", "1.0.0");
        Path truncated = bundles.truncated(good);
        assertProblem("refused", "truncated-jar", desire(DEVICE, "bad", operator.feature("com.acme:bad:1", truncated)));
        Path text = Files.writeString(folder.resolve("text.jar"), "no bundle");
        assertProblem("refused", "not-a-bundle", desire(DEVICE, "bad", operator.feature("com.acme:bad:2", text)));
        assertEquals(before, committed());
    }

    @Test
    void refusesBytesThatDoNotHashToWhatWasAskedFor() {
        String before = committed();
        Path good = bundles.collector("digest", "1.0.0");
        Feature feature = operator.feature("com.acme:digest:1", good);
        operator.serveInstead(feature.bundles().get(0).artifact().sha256(), bundles.damaged(good));
        Members problem = assertProblem("refused", "wrong-digest", desire(DEVICE, "digest", feature));
        assertTrue(
                problem.string("detail")
                        .contains(feature.bundles().get(0).artifact().sha256().hex()),
                problem.values().toString());
        assertEquals(before, committed());
    }

    @Test
    void refusesWhatDoesNotFitOnFlashBeforeItFetchesAnything() {
        Feature feature = operator.feature("com.acme:large:1", bundles.collector("large", "1.0.0"));
        Feature.Bundle bundle = feature.bundles().get(0);
        Artifact huge = new Artifact(bundle.artifact().sha256(), 1L << 50, Optional.empty());
        int mark = operator.mark();
        assertProblem(
                "refused",
                "no-room",
                desire(
                        DEVICE,
                        "large",
                        new Feature(feature.id(), List.of(new Feature.Bundle(bundle.id(), huge)), Map.of())));
        assertEquals(List.of(), operator.since(mark, message -> message.topic().equals(DEVICE + "/artifact/get")));
    }

    @Test
    void aSecondChangeWaitsForTheFirst() {
        Feature slow = operator.feature("com.acme:slow:1", bundles.activator("slow", "1.0.0", "Thread.sleep(2000);"));
        String slowTopic = DEVICE + "/desired/feature/slow";
        String slowDigest = operator.desire(DEVICE, "slow", slow);
        wished.put(slowTopic, slowDigest);
        operator.await(
                "the first change being applied",
                message -> message.topic().equals(DEVICE + "/reported/feature")
                        && message.body().optionalString("step").equals(Optional.of("apply"))
                        && message.body().object("desired").has(slowTopic));
        Members second =
                desire(DEVICE, "quick", operator.feature("com.acme:quick:1", bundles.collector("quick", "1.0.0")));
        assertApplied(second);
        assertEquals("1.0.0", version(second, "com.acme.slow"));
        List<Members> first = operator.reports(DEVICE, slowTopic, slowDigest).stream()
                .filter(report -> !report.object("desired").has(DEVICE + "/desired/feature/quick"))
                .filter(report -> report.string("state").equals("applied"))
                .toList();
        assertEquals(1, first.size(), "the first change came to its own end");
    }

    @Test
    void namesTheRequirementThatNobodyMeets() {
        Path needy = bundles.altered(
                bundles.collector("needy", "1.0.0"),
                Map.of("Require-Capability", "com.acme.hardware;filter:=\"(model=coffee)\""));
        Members problem = assertProblem(
                "refused", "unresolved", desire(DEVICE, "needy", operator.feature("com.acme:needy:1", needy)));
        assertTrue(
                problem.string("detail").contains("com.acme.hardware"),
                problem.values().toString());
        assertTrue(
                problem.string("detail").contains("com.acme.needy"),
                problem.values().toString());
    }

    @Test
    void refusesAnIllTypedDocumentAndNamesTheMember() {
        Members problem = assertProblem(
                "refused",
                "bad-feature",
                refusedDocument("{\"spec\":{\"id\":\"a:b:1\",\"bundles\":[{\"id\":\"a:b:1\"}]}}"));
        assertTrue(
                problem.string("detail").contains("bundles[0].sha256"),
                problem.values().toString());
    }

    @Test
    void ignoresUnknownMembers() {
        Feature feature = operator.feature("com.acme:unknown:1", bundles.collector("unknown", "1.0.0"));
        Map<String, Object> spec = new HashMap<>(feature.write());
        spec.put("x-acme", Map.of("a", 1));
        String topic = DEVICE + "/desired/feature/unknown";
        String digest = operator.publish(topic, Json.write(Map.of("spec", spec, "comment", "hello")), true);
        wished.put(topic, digest);
        assertApplied(operator.ended(DEVICE, topic, digest));
    }

    @Test
    void refusesToTakeAwayWhatTheManagementPathNeeds() {
        Path hollow = bundles.altered(
                shipped("io.gatehouse.artifacts"), Map.of("Provide-Capability", "", "Bundle-Version", "9.0.0"));
        Members problem = assertProblem(
                "refused", "management-path", desire(DEVICE, "hollow", operator.feature("com.acme:hollow:1", hollow)));
        assertTrue(
                problem.string("detail").contains("artifacts"), problem.values().toString());
    }

    static Path shipped(String symbolicName) {
        try (var files = Files.list(GatewayProcess.home().resolve("bundles"))) {
            return files.filter(file ->
                            file.getFileName().toString().matches(symbolicName + "-\\d.*|" + symbolicName + "\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(symbolicName + " is not shipped"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
