package io.gatehouse.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeighbourTest {
    private static final String PACKAGE = "osgi.wiring.package";
    private static final Neighbour GATEHOUSE = new Neighbour("io.gatehouse.dispatch", Optional.empty());
    private static final Neighbour ACME = vendors(
            "com.acme.rain",
            new Bounds(
                    "acme",
                    List.of("com.acme.*", "acme"),
                    List.of("org.example.*", "io.gatehouse.software", "org.osgi.framework.hooks.*"),
                    List.of("io.gatehouse.api.artifact.Artifacts", "io.gatehouse.software.*"),
                    List.of("com.acme.api.*", "io.gatehouse.software", "org.osgi.framework.hooks.service")));
    private static final Neighbour OTHER =
            vendors("org.other", new Bounds("other", List.of("org.other"), List.of(), List.of(), List.of()));

    private static Neighbour vendors(String name, Bounds bounds) {
        return new Neighbour(name, Optional.of(bounds));
    }

    @ParameterizedTest
    @CsvSource({
        "io.gatehouse.api.telemetry, true",
        "java.util, true",
        "javax.net.ssl, true",
        "jakarta.json, true",
        "jakarta.json.stream, true",
        "org.slf4j, true",
        "org.osgi.framework, true",
        "org.osgi.service.component, true",
        "org.osgi.util.tracker, true",
        "org.apache.felix.hc.api, true",
        "org.w3c.dom, true",
        "org.osgi.framework.wiring, false",
        "org.osgi.framework.hooks.service, false",
        "org.osgi.service.componentevil, false",
        "org.osgi.resource, false",
        "io.gatehouse.software, false",
        "io.gatehouse.protocol, false",
        "sun.misc, false",
        "com.sun.management, false",
    })
    void allMayImportTheUsual(String name, boolean may) {
        assertEquals(may, OTHER.mayWireTo(GATEHOUSE, PACKAGE, name));
    }

    @ParameterizedTest
    @CsvSource({"org.example.one, true", "org.example, false", "org.examples, false"})
    void grantedPackagesComeToTheUsual(String name, boolean may) {
        assertEquals(may, ACME.mayWireTo(GATEHOUSE, PACKAGE, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.gatehouse.software", "org.osgi.framework.hooks.service"})
    void someIsNobodysWhateverIsGranted(String name) {
        assertFalse(ACME.mayWireTo(GATEHOUSE, PACKAGE, name));
        assertFalse(GATEHOUSE.mayWireTo(ACME, PACKAGE, name));
        assertFalse(ACME.maySee(GATEHOUSE, List.of(name + ".Software")));
        assertFalse(GATEHOUSE.maySee(ACME, List.of(name + ".FindHook")));
    }

    @Test
    void exportsAreForItsVendorUnlessGranted() {
        assertTrue(GATEHOUSE.mayWireTo(ACME, PACKAGE, "com.acme.api.rain"));
        assertFalse(GATEHOUSE.mayWireTo(ACME, PACKAGE, "com.acme.rain"));
        assertFalse(GATEHOUSE.mayWireTo(ACME, PACKAGE, "io.gatehouse.api.store"), "also where all may import it");
        assertFalse(OTHER.mayWireTo(ACME, PACKAGE, "com.acme.api.rain"), "both must be granted it");
    }

    @Test
    void vendorsBundlesUseWhatIsTheVendors() {
        Neighbour snow = vendors("com.acme.snow", ACME.bounds().orElseThrow());
        Neighbour image = new Neighbour("com.acme.hail", Optional.empty());
        for (Neighbour kin : List.of(snow, image)) {
            assertTrue(ACME.mayWireTo(kin, PACKAGE, "com.acme.secret"));
            assertTrue(kin.mayWireTo(ACME, PACKAGE, "com.acme.secret"));
            assertTrue(ACME.mayWireTo(kin, "osgi.wiring.bundle", "com.acme.snow"));
            assertTrue(ACME.mayWireTo(kin, "osgi.wiring.host", "com.acme.snow"));
            assertTrue(ACME.maySee(kin, List.of("com.acme.Secret")));
        }
    }

    @Test
    void nobodyRequiresOrExtendsBundlesAcross() {
        for (String namespace : List.of("osgi.wiring.bundle", "osgi.wiring.host")) {
            assertFalse(ACME.mayWireTo(GATEHOUSE, namespace, "io.gatehouse.dispatch"));
            assertFalse(GATEHOUSE.mayWireTo(ACME, namespace, "com.acme.rain"));
            assertFalse(OTHER.mayWireTo(ACME, namespace, "com.acme.rain"));
            assertTrue(GATEHOUSE.mayWireTo(GATEHOUSE, namespace, "io.gatehouse.dispatch"));
        }
    }

    @Test
    void vendorsExtenderIsNotTakenForTheImages() {
        assertTrue(ACME.mayWireTo(GATEHOUSE, "osgi.extender", ""));
        assertFalse(GATEHOUSE.mayWireTo(ACME, "osgi.extender", ""));
        assertFalse(OTHER.mayWireTo(ACME, "osgi.extender", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "io.gatehouse.api.store.Store, true",
        "io.gatehouse.api.device.Device, true",
        "org.osgi.service.log.LoggerFactory, true",
        "org.osgi.service.condition.Condition, true",
        "io.gatehouse.api.artifact.Artifacts, true",
        "org.osgi.service.log.LogReaderService, false",
        "org.osgi.service.cm.ConfigurationAdmin, false",
        "io.gatehouse.api.message.Outbox, false",
        "io.gatehouse.api.message.Endpoint, false",
        "io.gatehouse.api.command.CommandHandler, false",
        "org.osgi.service.component.runtime.ServiceComponentRuntime, false",
        "io.gatehouse.software.Software, false",
    })
    void seesServicesThatAllMayAndThoseGranted(String name, boolean may) {
        assertEquals(may, ACME.maySee(GATEHOUSE, List.of(name)));
        assertTrue(GATEHOUSE.maySee(GATEHOUSE, List.of(name)));
    }

    @ParameterizedTest
    @CsvSource({
        "io.gatehouse.api.telemetry.Collector, true",
        "io.gatehouse.api.command.CommandHandler, true",
        "org.apache.felix.hc.api.HealthCheck, true",
        "org.osgi.service.cm.ManagedService, true",
        "com.acme.api.rain.Rain, true",
        "com.acme.rain.Secret, false",
        "org.osgi.service.cm.ConfigurationPlugin, false",
        "org.osgi.service.condition.Condition, false",
        "io.gatehouse.api.store.Store, false",
        "io.gatehouse.api.desired.DesiredResource, false",
        "io.gatehouse.software.Proof, false",
    })
    void offersServicesThatAllMayAndThoseGranted(String name, boolean may) {
        assertEquals(may, GATEHOUSE.maySee(ACME, List.of(name)));
    }

    @Test
    void whatMayBeOfferedHidesNothingElseBesideIt() {
        String collector = "io.gatehouse.api.telemetry.Collector";
        assertTrue(GATEHOUSE.maySee(ACME, List.of(collector, "com.acme.rain.Rain")));
        assertTrue(GATEHOUSE.maySee(ACME, List.of(collector, "acme.Rain")));
        assertFalse(GATEHOUSE.maySee(ACME, List.of(collector, "io.gatehouse.software.Proof")));
        assertFalse(GATEHOUSE.maySee(ACME, List.of("org.osgi.service.cm.ConfigurationPlugin", collector)));
    }

    @Test
    void vendorsStoreIsNotTakenForTheImages() {
        assertTrue(OTHER.maySee(GATEHOUSE, List.of("io.gatehouse.api.store.Store")));
        assertFalse(OTHER.maySee(ACME, List.of("io.gatehouse.api.store.Store")));
        assertFalse(OTHER.maySee(ACME, List.of("org.osgi.service.condition.Condition")));
    }
}
