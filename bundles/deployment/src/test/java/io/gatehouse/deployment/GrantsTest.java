package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.trust.Vendor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsTest {
    private static final Vendor PLAIN = vendor(Map.of());

    @TempDir
    Path folder;

    private TestJars jars;

    @BeforeEach
    void open() {
        jars = new TestJars(folder);
    }

    private static Vendor vendor(Map<String, ?> grants) {
        return new Vendor("acme", "", List.of("com.acme.*"), grants);
    }

    private Jar jar(String... headers) throws Exception {
        return TestJars.read(jars.bundle("com.acme.app", "1.0.0", headers));
    }

    @Test
    void boundsAreWhatTheTrustDocumentSays() {
        Vendor vendor = vendor(Map.of(
                "packages", List.of("org.a"),
                "services", List.of("org.B"),
                "exports", List.of("com.acme.api"),
                "topics", List.of("acme/#")));
        assertEquals("acme", Grants.bounds(vendor).vendor());
        assertEquals(List.of("com.acme.*"), Grants.bounds(vendor).names());
        assertEquals(List.of("org.a"), Grants.bounds(vendor).packages());
        assertEquals(List.of("org.B"), Grants.bounds(vendor).services());
        assertEquals(List.of("com.acme.api"), Grants.bounds(vendor).exports());
    }

    @Test
    void vendorMayExportWhatIsItsOwnOrAnybodys() throws Exception {
        Jar jar = jar("Export-Package", "com.acme.api,com.google.gson");
        assertDoesNotThrow(() -> Grants.check(jar, PLAIN));
    }

    @Test
    void refusesPackagesThatWouldPassForTheFrameworksOrGatehouses() throws Exception {
        for (String name : List.of("io.gatehouse.api.store", "org.osgi.framework", "org.osgi.framework.wiring")) {
            Jar jar = jar("Export-Package", "com.acme.api," + name);
            String detail = refusal(jar, PLAIN);
            assertTrue(detail.startsWith("com.acme.app 1.0.0 exports the package " + name), detail);
            assertTrue(detail.contains("vendor acme") && detail.contains("exports of its grants"), detail);
            assertDoesNotThrow(() -> Grants.check(jar, vendor(Map.of("exports", List.of(name)))));
        }
        refusal(jar("Export-Package", "io.gatehouse.software"), vendor(Map.of("exports", List.of("io.gatehouse.*"))));
    }

    @Test
    void refusesARoleOnTheWayToTheBroker() throws Exception {
        String role = "io.gatehouse.management;io.gatehouse.management=transport";
        assertTrue(refusal(jar("Provide-Capability", role), PLAIN).contains("io.gatehouse.management"));
    }

    @Test
    void refusesTopicsThatAreNotGranted() throws Exception {
        Jar jar = jar(
                "Provide-Capability",
                "io.gatehouse.publishes;topic=\"acme/rain\",io.gatehouse.publishes;topic=\"hardware/cpu\","
                        + "io.gatehouse.publishes;topic:List<String>=\"acme/snow,network/#\"");
        assertDoesNotThrow(() -> Grants.check(jar, PLAIN), "without that grant all topics are free");
        assertEquals(
                "com.acme.app 1.0.0 publishes at hardware/cpu, network/#, and its vendor acme is granted the topics"
                        + " [acme/#] alone",
                refusal(jar, vendor(Map.of("topics", List.of("acme/#")))));
        Vendor more = vendor(Map.of("topics", List.of("acme/rain", "acme/snow", "hardware/cpu", "network/#")));
        assertDoesNotThrow(() -> Grants.check(jar, more));
    }

    @Test
    void lettersLargeOrSmallMakeNoDifference() throws Exception {
        assertTrue(
                refusal(jar("provide-capability", "io.gatehouse.management;io.gatehouse.management=transport"), PLAIN)
                        .contains("io.gatehouse.management"));
        refusal(jar("EXPORT-PACKAGE", "org.osgi.framework"), PLAIN);
    }

    @Test
    void refusesATopicThatIsMissing() throws Exception {
        refusal(jar("Provide-Capability", "io.gatehouse.publishes"), vendor(Map.of("topics", List.of("acme/#"))));
    }

    private static String refusal(Jar jar, Vendor vendor) {
        Refused refused = assertThrows(Refused.class, () -> Grants.check(jar, vendor));
        assertEquals("not-granted", refused.problem().type());
        return refused.problem().detail();
    }
}
