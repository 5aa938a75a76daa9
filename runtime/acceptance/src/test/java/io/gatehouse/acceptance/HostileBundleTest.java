package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/hostile}, signed by a vendor without grants, in a gateway as it is shipped. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HostileBundleTest {
    private static final String DEVICE = "dwr/311-a1/hostile";
    private static final String TASKS = DEVICE + "/desired/configuration/io.gatehouse.tasks";

    @TempDir
    static Path folder;

    private static Artemis broker;
    private static GatewayProcess gateway;
    private static Operator operator;
    private static Bundles bundles;
    private static VendorKeys vendor;

    @BeforeAll
    static void start() throws IOException {
        broker = new Artemis(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        operator = Operator.at(broker.uri());
        bundles = new Bundles(folder);
        vendor = new VendorKeys(folder, "example");
        trust(2, Map.of());
    }

    @AfterAll
    static void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    /** From here on this vendor's bundles are taken, and held to these grants. */
    private static void trust(long version, Map<String, ?> grants) {
        operator.publish(DEVICE + "/desired/trust", Fleet.trust(version, vendor.vendor(grants, "com.example.*")), true);
        operator.await(
                "trust in the vendor",
                message -> message.topic().equals(DEVICE + "/reported/trust")
                        && message.body().integer("version", 0, 100) == version);
    }

    private static Path hostile() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .map(Path::of)
                .filter(file -> file.getFileName().toString().matches("com\\.example\\.hostile-.*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("build examples/hostile, to its package"));
    }

    private static Members desire(String name, Path... jars) {
        String topic = DEVICE + "/desired/feature/" + name;
        return operator.ended(
                DEVICE, topic, operator.desire(DEVICE, name, operator.feature("com.example:" + name + ":1", jars)));
    }

    private static void assertApplied(Members report) {
        assertEquals("applied", report.string("state"), () -> report.values().toString());
    }

    private static void configureTasks(String password) {
        Map<String, Object> spec = Map.of("password", password, "rebootPermitted:Boolean", false);
        operator.publish(TASKS, new Envelope(Optional.of(spec), Rollout.ALL).write(), true);
        operator.await(
                "the configuration of tasks",
                operator.mark(),
                message -> message.topic().equals(DEVICE + "/reported/configuration")
                        && message.body().string("state").equals("applied"));
    }

    private static Outcome.Done done(Outcome outcome) {
        return assertInstanceOf(Outcome.Done.class, outcome, outcome::toString);
    }

    /** What was behind each door that is not closed, as it says after this. */
    private static Map<String, String> open(int mark) {
        Members reading = operator.await(
                        "a reading", mark, message -> message.topic().equals(DEVICE + "/hostile/doors"))
                .body();
        Map<String, String> open = new TreeMap<>();
        int tried = 0;
        for (String group : List.of("packages", "services", "neighbours", "configurations", "disguises")) {
            for (Map.Entry<String, ?> door : reading.object(group).values().entrySet()) {
                tried++;
                if (!"closed".equals(door.getValue())) {
                    open.put(group + " " + door.getKey(), String.valueOf(door.getValue()));
                }
            }
        }
        assertEquals(32, tried, () -> reading.values().toString());
        return open;
    }

    @Test
    @Order(1)
    void everyDoorIsClosedAndItRunsAsACollectorAllTheSame() {
        configureTasks("secret");
        assertApplied(desire("hostile", vendor.sign(hostile())));
        assertEquals(Map.of(), open(0));
    }

    @Test
    @Order(2)
    void doorsStayClosedThroughChangesOfOthers() {
        configureTasks("another secret");
        assertApplied(desire("rain", bundles.collector("rain", "1.0.0")));
        operator.await("rain", message -> message.topic().equals(DEVICE + "/example/rain"));
        assertEquals(Map.of(), open(operator.mark()));
        assertFalse(gateway.log().contains("com.acme.rain 1.0.0 refused"));
    }

    @Test
    @Order(3)
    void commandIsCarriedOutByTheBundleOfTheImage() {
        Outcome.Done pong = done(operator.command(DEVICE, "ping", Map.of()));
        assertFalse(pong.result().containsKey("by"), pong::toString);
    }

    @Test
    @Order(3)
    void nothingIsPublishedWhereItDidNotDeclareIt() {
        Members event = operator.await(
                        "a refused collector",
                        message -> message.topic().equals(DEVICE + "/event/collector")
                                && message.body().string("state").equals("refused"))
                .body();
        assertEquals("com.example.hostile", event.string("bundle"));
        assertTrue(event.string("cause").contains("does not declare the topic hardware/cpu but [hostile/doors]"));
        operator.await("the real one", message -> message.topic().equals(DEVICE + "/hardware/cpu"));
        assertEquals(
                List.of(),
                operator.all(message -> message.topic().equals(DEVICE + "/hardware/cpu")
                        && message.body().has("by")));
    }

    @Test
    @Order(4)
    void whatItsManifestAsksForBeyondItsGrantsIsRefusedByName() {
        String imports = "io.gatehouse.api.telemetry,io.gatehouse.api.command,org.osgi.framework,org.osgi.service.cm,";
        Path greedy = bundles.altered(
                hostile(), Map.of("Import-Package", imports + "io.gatehouse.protocol", "Bundle-Version", "1.0.1"));
        Members report = desire("hostile", vendor.sign(greedy));
        assertEquals("refused", report.string("state"), () -> report.values().toString());
        Members problem = report.object("problem");
        assertEquals("not-granted", problem.string("type"));
        assertTrue(problem.string("detail").contains("imports the package io.gatehouse.protocol"), problem::toString);
        int mark = operator.mark();
        assertEquals(Map.of(), open(mark), "the version before goes on");
    }

    @Test
    @Order(5)
    void grantOpensWhatItNamesAndNothingElse() {
        trust(
                3,
                Map.of(
                        "packages", List.of("io.gatehouse.protocol.*", "io.gatehouse.software"),
                        "services", List.of("io.gatehouse.api.artifact.Artifacts", "io.gatehouse.software.*")));
        assertApplied(desire("hostile", vendor.sign(bundles.altered(hostile(), Map.of("Bundle-Version", "1.0.2")))));
        Map<String, String> open = open(operator.mark());
        open.remove("services heard"); // nothing came or went meanwhile, or did
        assertEquals(
                Set.of(
                        "packages io.gatehouse.protocol.trust.Trust",
                        "services all",
                        "services io.gatehouse.api.artifact.Artifacts"),
                open.keySet());
        String all = open.get("services all");
        assertTrue(
                all.startsWith("[io.gatehouse.api.artifact.Artifacts") && !all.contains(", "), "one service: " + all);
    }

    @Test
    @Order(6)
    void isStoppedWhenItRegistersAHookAndTheGatewayGoesOn() {
        operator.ask(DEVICE, "hostile.hook", Map.of(), Duration.ofSeconds(60));
        Awaitility.await("it is stopped").atMost(Duration.ofSeconds(30)).until(() -> state().equals("resolved"));
        assertApplied(desire("snow", bundles.collector("snow", "1.0.0")));
        operator.await("snow", message -> message.topic().equals(DEVICE + "/example/snow"));
    }

    private static String state() {
        Outcome.Done listed = done(operator.command(DEVICE, "bundles", Map.of()));
        return Members.of(listed.result()).objects("bundles").stream()
                .filter(bundle -> bundle.string("symbolicName").equals("com.example.hostile"))
                .map(bundle -> bundle.string("state"))
                .findFirst()
                .orElse("absent");
    }
}
