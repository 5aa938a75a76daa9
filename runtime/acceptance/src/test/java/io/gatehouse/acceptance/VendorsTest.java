package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/cabinet} uses the service of {@code examples/thermometer}; each is signed by its own vendor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VendorsTest {
    private static final String DEVICE = "dwr/311-a1/vendors";
    private static final String PACKAGE = "com.example.thermometer.api";

    @TempDir
    static Path folder;

    private Artemis broker;
    private GatewayProcess gateway;
    private Operator operator;
    private VendorKeys sensors;
    private VendorKeys cabinets;
    private Path api;
    private Path thermometer;
    private Path cabinet;
    private Path bus;
    private long trusted = 1;
    private int wishes;
    private final Set<String> wanted = new TreeSet<>();

    @BeforeAll
    void start() throws IOException {
        broker = new Artemis(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        operator = Operator.at(broker.uri());
        sensors = new VendorKeys(folder, "sensors");
        cabinets = new VendorKeys(folder, "cabinets");
        JarPath built = JarPath.ofTests();
        api = sensors.sign(built.jar("com.example.thermometer.api"));
        thermometer = sensors.sign(built.jar("com.example.thermometer"));
        cabinet = cabinets.sign(built.jar("org.example.cabinet"));
    }

    @BeforeEach
    void plugInAThermometer() throws IOException {
        bus = Files.createTempDirectory(folder, "bus");
        plugIn("28-00000a1b2c3d", "23125\n");
    }

    private void plugIn(String name, String temperature) throws IOException {
        Files.writeString(Files.createDirectories(bus.resolve(name)).resolve("temperature"), temperature);
    }

    @AfterEach
    void removeAll() {
        wanted.forEach(name -> assertApplied(operator.removed(DEVICE, DEVICE, name)));
        wanted.clear();
    }

    @AfterAll
    void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    private void trust(Map<String, ?> toSensors, Map<String, ?> toCabinets) {
        long version = ++trusted;
        operator.publish(
                DEVICE + "/desired/trust",
                Fleet.trust(
                        version,
                        sensors.vendor(toSensors, "com.example.*"),
                        cabinets.vendor(toCabinets, "org.example.*")),
                true);
        operator.await(
                "trust in the vendors",
                message -> message.topic().equals(DEVICE + "/reported/trust")
                        && message.body().integer("version", 0, 100) == version);
    }

    private Members desireThermometer() {
        return desire(
                "thermometer", Map.of("com.example.thermometer", Map.of("bus", bus.toString())), api, thermometer);
    }

    private Members desireCabinet() {
        return desire(
                "cabinet", Map.of("org.example.cabinet.Climate", Map.of("gatehouse.period", "PT0.2S")), api, cabinet);
    }

    private Members desire(String name, Map<String, Map<String, Object>> configurations, Path... jars) {
        wanted.add(name);
        String digest = operator.desire(
                DEVICE, name, operator.feature("org.example:" + name + ":" + ++wishes, configurations, jars));
        return operator.ended(DEVICE, DEVICE + "/desired/feature/" + name, digest);
    }

    private void assertApplied(Members report) {
        assertEquals("applied", report.string("state"), () -> report.values() + "\n" + gateway.log());
    }

    private static void assertRefused(String type, String what, Members report) {
        assertEquals("refused", report.string("state"), () -> report.values().toString());
        Members problem = report.object("problem");
        assertEquals(type, problem.string("type"));
        assertTrue(problem.string("detail").contains(what), problem::toString);
    }

    private void awaitThermometers(int number) {
        operator.await(
                number + " thermometers",
                operator.mark(),
                message -> isClimate(message) && message.body().integer("thermometers", 0, 100) == number);
    }

    @Test
    void isRefusedByNameWhereItIsNotGrantedThePackage() {
        trust(Map.of("exports", List.of(PACKAGE)), Map.of());
        assertRefused("not-granted", "imports the package " + PACKAGE, desireCabinet());
    }

    @Test
    void isRefusedWithTheReasonWhereTheOtherVendorIsNotGrantedToExportIt() {
        trust(Map.of(), granted());
        assertRefused(
                "unresolved",
                "is for bundles of its vendor sensors unless exports of the vendor's grants name it",
                desireCabinet());
    }

    @Test
    void runsWithoutTheServiceAndUsesItWhenItComes() {
        trust(Map.of("exports", List.of(PACKAGE)), granted());
        assertApplied(desireCabinet());
        awaitThermometers(0);
        Members report = desireThermometer();
        assertApplied(report);
        awaitThermometers(1);
        assertNotTouched(report);
    }

    @Test
    void goesOnWithoutTheServiceWhenItGoes() {
        trust(Map.of("exports", List.of(PACKAGE)), granted());
        assertApplied(desireThermometer());
        assertApplied(desireCabinet());
        awaitThermometers(1);
        Members report = operator.removed(DEVICE, DEVICE, "thermometer");
        assertApplied(report);
        awaitThermometers(0);
        assertNotTouched(report);
        assertApplied(desireThermometer());
        awaitThermometers(1);
    }

    @Test
    void isConfiguredAlsoWhenConfigurationAdminWasReplaced() throws IOException {
        trust(Map.of("exports", List.of(PACKAGE)), granted());
        assertApplied(desireThermometer());
        assertApplied(desireCabinet());
        Bundles bundles = new Bundles(folder);
        Path shipped = FeaturesTest.shipped("org.apache.felix.configadmin");
        Path next = bundles.repacked(shipped, Bundles.raised(shipped, 1), Map.of());
        assertApplied(desire("configadmin", Map.of(), next));
        awaitThermometers(1);
        plugIn("28-0000000000ff", "41250\n");
        awaitThermometers(2);
        bus = Files.createTempDirectory(folder, "elsewhere");
        assertApplied(desireThermometer());
        awaitThermometers(0);
    }

    @Test
    void runsAndNeverSeesTheServiceWhereItIsNotGrantedIt() {
        trust(Map.of("exports", List.of(PACKAGE)), Map.of("packages", List.of(PACKAGE)));
        assertApplied(desireCabinet());
        assertApplied(desireThermometer());
        int mark = operator.mark();
        Awaitility.await("what it reads").until(() -> climates(mark).size() >= 5);
        assertEquals(Set.of(0L), Set.copyOf(climates(mark)));
    }

    private List<Long> climates(int mark) {
        return operator.since(mark, VendorsTest::isClimate).stream()
                .map(message -> message.body().integer("thermometers", 0, 100))
                .toList();
    }

    private static boolean isClimate(Operator.Heard message) {
        return message.topic().equals(DEVICE + "/cabinet/climate");
    }

    private static Map<String, ?> granted() {
        return Map.of("packages", List.of(PACKAGE), "services", List.of(PACKAGE + ".Thermometers"));
    }

    private static void assertNotTouched(Members report) {
        assertEquals(
                List.of(), report.strings("restarted"), () -> report.values().toString());
    }
}
