package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/cabinet} uses the service of {@code examples/thermometer}; each is signed by its own vendor. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class VendorsTest {
    private static final String DEVICE = "dwr/311-a1/vendors";
    private static final String PACKAGE = "com.example.thermometer.api";

    @TempDir
    static Path folder;

    private static Artemis broker;
    private static GatewayProcess gateway;
    private static Operator operator;
    private static VendorKeys sensors;
    private static VendorKeys cabinets;
    private static Path api;
    private static Path thermometer;
    private static Path cabinet;
    private static int wishes;

    @BeforeAll
    static void start() throws IOException {
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
        Path bus = Files.createDirectories(folder.resolve("bus/28-00000a1b2c3d"));
        Files.writeString(bus.resolve("temperature"), "23125\n");
    }

    @AfterAll
    static void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    private static void trust(long version, Map<String, ?> toSensors, Map<String, ?> toCabinets) {
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

    private static Members desireThermometer() {
        return desire(
                "thermometer",
                Map.of(
                        "com.example.thermometer",
                        Map.of("bus", folder.resolve("bus").toString())),
                api,
                thermometer);
    }

    private static Members desireCabinet() {
        return desire(
                "cabinet", Map.of("org.example.cabinet.Climate", Map.of("gatehouse.period", "PT0.2S")), api, cabinet);
    }

    private static Members desire(String name, Map<String, Map<String, Object>> configurations, Path... jars) {
        String digest = operator.desire(
                DEVICE, name, operator.feature("org.example:" + name + ":" + ++wishes, configurations, jars));
        return operator.ended(DEVICE, DEVICE + "/desired/feature/" + name, digest);
    }

    private static void assertApplied(Members report) {
        assertEquals("applied", report.string("state"), () -> report.values() + "\n" + gateway.log());
    }

    private static void assertRefused(String type, String what, Members report) {
        assertEquals("refused", report.string("state"), () -> report.values().toString());
        Members problem = report.object("problem");
        assertEquals(type, problem.string("type"));
        assertTrue(problem.string("detail").contains(what), problem::toString);
    }

    private static void awaitThermometers(int number) {
        operator.await(
                number + " thermometers",
                operator.mark(),
                message -> message.topic().equals(DEVICE + "/cabinet/climate")
                        && message.body().integer("thermometers", 0, 100) == number);
    }

    @Test
    @Order(1)
    void isRefusedByNameWhereItIsNotGrantedThePackage() {
        trust(2, Map.of("exports", List.of(PACKAGE)), Map.of());
        assertRefused("not-granted", "imports the package " + PACKAGE, desireCabinet());
    }

    @Test
    @Order(2)
    void isRefusedWithTheReasonWhereTheOtherVendorIsNotGrantedToExportIt() {
        trust(3, Map.of(), granted());
        assertRefused(
                "unresolved",
                "is for bundles of its vendor sensors unless exports of the vendor's grants name it",
                desireCabinet());
    }

    @Test
    @Order(3)
    void runsWithoutTheServiceAndUsesItWhenItComes() {
        trust(4, Map.of("exports", List.of(PACKAGE)), granted());
        assertApplied(desireCabinet());
        awaitThermometers(0);
        Members report = desireThermometer();
        assertApplied(report);
        awaitThermometers(1);
        assertNotTouched(report);
    }

    @Test
    @Order(4)
    void goesOnWithoutTheServiceWhenItGoes() {
        Members report = operator.removed(DEVICE, DEVICE, "thermometer");
        assertApplied(report);
        awaitThermometers(0);
        assertNotTouched(report);
        assertApplied(desireThermometer());
        awaitThermometers(1);
    }

    @Test
    @Order(5)
    void isConfiguredAlsoWhenConfigurationAdminWasReplaced() throws IOException {
        Bundles bundles = new Bundles(folder);
        Path shipped = FeaturesTest.shipped("org.apache.felix.configadmin");
        Path next = bundles.repacked(shipped, Bundles.raised(shipped, 1), Map.of());
        assertApplied(desire("configadmin", Map.of(), next));
        Path second = Files.createDirectories(folder.resolve("bus/28-0000000000ff"));
        awaitThermometers(1);
        Files.writeString(second.resolve("temperature"), "41250\n");
        awaitThermometers(2);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        assertApplied(desire(
                "thermometer",
                Map.of("com.example.thermometer", Map.of("bus", elsewhere.toString())),
                api,
                thermometer));
        awaitThermometers(0);
    }

    private static Map<String, ?> granted() {
        return Map.of("packages", List.of(PACKAGE), "services", List.of(PACKAGE + ".Thermometers"));
    }

    private static void assertNotTouched(Members report) {
        assertEquals(
                List.of(), report.strings("restarted"), () -> report.values().toString());
    }
}
