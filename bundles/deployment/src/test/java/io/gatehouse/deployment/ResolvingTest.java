package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Bounds;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvingTest {
    @TempDir
    Path folder;

    private final List<Part> installed = new ArrayList<>();
    private final List<Part> updated = new ArrayList<>();
    private final List<Part> removed = new ArrayList<>();
    private final Map<String, Jar> fresh = new LinkedHashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private TestJars jars;
    private Framework framework;

    @BeforeEach
    void open() throws Exception {
        jars = new TestJars(folder);
        framework = new Framework(folder.resolve("cache"), "");
    }

    @AfterEach
    void close() throws IOException {
        framework.close();
    }

    @Test
    void acceptsWhatFindsItsPackagesInWhatRunsInTheSystemAndAmongTheNew() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "acme.lib;version=1.4"));
        install("other", "1.0.0", "Export-Package", "acme.other;version=2.0");
        install(
                "app",
                "1.0.0",
                "Import-Package",
                "acme.lib;version=\"[1.2,2)\",acme.other;version=\"[2,3)\",java.util,org.osgi.framework;version=1.5,"
                        + "acme.absent;resolution:=optional",
                "DynamicImport-Package",
                "acme.*",
                "Require-Capability",
                "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=17))\","
                        + "osgi.service;filter:=\"(objectClass=acme.Absent)\";effective:=active");
        check();
    }

    @Test
    void namesThePackageTheRangeAndWhatThereIsInstead() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "acme.lib;version=1.4"));
        install("app", "1.2.0", "Import-Package", "acme.lib;version=\"[2,3)\"");
        assertEquals(
                "app 1.2.0 needs package acme.lib version [2.0.0,3.0.0) and nothing provides it; there is 1.4.0 of lib"
                        + " 1.0.0",
                refusal("unresolved"));
    }

    @Test
    void namesEverythingThatIsMissing() throws Exception {
        install("app", "1.0.0", "Import-Package", "acme.a,acme.b;version=1.0");
        install("app2", "1.0.0", "Require-Bundle", "lib;bundle-version=\"[1,2)\"", "Fragment-Host", "host");
        install("app3", "1.0.0", "Require-Capability", "acme.power;filter:=\"(volts>=5)\"");
        String detail = refusal("unresolved");
        assertTrue(detail.contains("app 1.0.0 needs package acme.a and nothing"), detail);
        assertTrue(detail.contains("package acme.b version 1.0.0 or higher and"), detail);
        assertTrue(detail.contains("app2 1.0.0 needs bundle lib version [1.0.0,2.0.0) and"), detail);
        assertTrue(detail.contains("app2 1.0.0 needs host bundle host"), detail);
        assertTrue(detail.contains("capability acme.power (volts>=5) and"), detail);
    }

    @Test
    void refusesToTakeAwayWhatAnotherUses() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "acme.lib;version=1.4"));
        framework.start(jars.bundle("app", "1.0.0", "Import-Package", "acme.lib;version=\"[1.2,2)\""));
        remove("lib", "1.0.0");
        assertTrue(refusal("unresolved").startsWith("app 1.0.0 needs package acme.lib"));
    }

    @Test
    void refusesAnUpdateThatLeavesAnotherBehind() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "acme.lib;version=1.4"));
        framework.start(jars.bundle("app", "1.0.0", "Import-Package", "acme.lib;version=\"[1.2,2)\""));
        update("lib", "2.0.0", "Export-Package", "acme.lib;version=2.0");
        assertTrue(refusal("unresolved").contains("there is 2.0.0 of lib 2.0.0"));
    }

    @Test
    void acceptsAnUpdateOfBothSidesAtOnce() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "acme.lib;version=1.4"));
        framework.start(jars.bundle("app", "1.0.0", "Import-Package", "acme.lib;version=\"[1.2,2)\""));
        update("lib", "2.0.0", "Export-Package", "acme.lib;version=2.0");
        update("app", "2.0.0", "Import-Package", "acme.lib;version=\"[2,3)\"");
        check();
    }

    @Test
    void whatCouldNotBeResolvedBeforeIsNoReasonToRefuse() throws Exception {
        framework
                .context()
                .installBundle(jars.bundle("broken", "1.0.0", "Import-Package", "acme.absent")
                        .toUri()
                        .toString());
        install("app", "1.0.0");
        check();
    }

    @Test
    void refusesBundlesThatSeeOnePackageTwice() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "acme.lib;version=1.0"));
        framework.start(jars.bundle(
                "middle",
                "1.0.0",
                "Import-Package",
                "acme.lib;version=\"[1,2)\"",
                "Export-Package",
                "acme.middle;uses:=\"acme.lib\""));
        install("lib2", "2.0.0", "Export-Package", "acme.lib;version=2.0");
        install("app", "1.0.0", "Import-Package", "acme.middle,acme.lib;version=\"[2,3)\"");
        String detail = refusal("unresolved");
        assertTrue(detail.startsWith("the bundles do not go together"), detail);
        assertTrue(detail.contains("acme.lib"), detail);
    }

    @Test
    void acceptsAFragmentOfAHostThatRuns() throws Exception {
        framework.start(jars.bundle("host", "1.0.0"));
        install("fragment", "1.0.0", "Fragment-Host", "host");
        check();
    }

    @Test
    void refusesToLoseAPartOfTheWayToTheBroker() throws Exception {
        framework.start(jars.bundle(
                "mqtt", "1.0.0", "Provide-Capability", "io.gatehouse.management;io.gatehouse.management=transport"));
        update("mqtt", "2.0.0");
        String detail = refusal("management-path");
        assertTrue(detail.contains("transport=mqtt"), detail);
    }

    @Test
    void acceptsAnotherBundleForAPartOfTheWayToTheBroker() throws Exception {
        String role = "io.gatehouse.management;io.gatehouse.management=transport";
        framework.start(jars.bundle("mqtt", "1.0.0", "Provide-Capability", role));
        remove("mqtt", "1.0.0");
        install("amqp", "1.0.0", "Provide-Capability", role);
        check();
    }

    @Test
    void refusesAManifestThatIsWrong() throws Exception {
        install("app", "1.0.0", "Import-Package", "acme.a;version=\"[2\"");
        assertTrue(refusal("not-a-bundle").startsWith("app 1.0.0"));
    }

    @Test
    void touchesNothing() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "acme.lib;version=1.4"));
        int bundles = framework.context().getBundles().length;
        install("app", "1.0.0", "Import-Package", "acme.lib");
        check();
        assertEquals(bundles, framework.context().getBundles().length);
    }

    // --- what a vendor's bundle is held to

    private static final Bounds ACME =
            new Bounds("acme", List.of("com.acme.*"), List.of("org.granted"), List.of(), List.of("com.acme.api"));
    private static final Bounds OTHER = new Bounds("other", List.of("org.other"), List.of(), List.of(), List.of());

    @Test
    void acceptsWhatAVendorIsGrantedWhatAllMayHaveAndItsOwn() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "org.granted,org.secret,io.gatehouse.api.store"));
        bounded(ACME, "com.acme.lib", "Export-Package", "com.acme.lib");
        bounded(
                ACME,
                "com.acme.app",
                "Import-Package",
                "org.granted,io.gatehouse.api.store,java.util,javax.net.ssl,org.osgi.framework,com.acme.lib,"
                        + "org.secret;resolution:=optional",
                "DynamicImport-Package",
                "*",
                "Require-Bundle",
                "com.acme.lib");
        check();
    }

    @Test
    void refusesAPackageThatTheVendorIsNotGranted() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "org.secret"));
        for (String secret : List.of("org.secret", "org.osgi.framework.hooks.service", "com.sun.management")) {
            parts.clear();
            fresh.clear();
            installed.clear();
            bounded(ACME, "com.acme.app", "Import-Package", secret);
            assertEquals(
                    "com.acme.app 1.0.0 imports the package " + secret + ", and its vendor acme is not granted that:"
                            + " packages of its grants would have to name it",
                    refusal("not-granted"));
        }
    }

    @Test
    void refusesARequiredBundleOfOthers() throws Exception {
        framework.start(jars.bundle("lib", "1.0.0", "Export-Package", "org.granted"));
        bounded(ACME, "com.acme.app", "Require-Bundle", "lib");
        String detail = refusal("not-granted");
        assertTrue(detail.startsWith("com.acme.app 1.0.0 requires the bundle lib, which is not of its vendor acme"));
    }

    @Test
    void saysWhoseVendorKeepsAPackageToItself() throws Exception {
        bounded(ACME, "com.acme.lib", "Export-Package", "com.acme.api,com.acme.secret");
        install("app", "1.0.0", "Import-Package", "com.acme.api");
        check();
        install("curious", "1.0.0", "Import-Package", "com.acme.secret");
        String detail = refusal("unresolved");
        assertTrue(
                detail.startsWith(
                        "curious 1.0.0 needs package com.acme.secret and nothing provides it; there is 0.0.0 of"
                                + " com.acme.lib 1.0.0, which is for bundles of its vendor acme"),
                detail);
    }

    @Test
    void refusesAPackageThatAnotherVendorMayExportWhereThisOneIsNotGrantedIt() throws Exception {
        bounded(ACME, "com.acme.lib", "Export-Package", "com.acme.api");
        bounded(OTHER, "org.other", "Import-Package", "com.acme.api");
        assertTrue(refusal("not-granted").contains("its vendor other is not granted that"));
    }

    @Test
    void nobodyIsWiredToAVendorsExtender() throws Exception {
        bounded(ACME, "com.acme.lib", "Provide-Capability", "acme.power;volts:Long=5");
        install("app", "1.0.0", "Require-Capability", "acme.power;filter:=\"(volts>=5)\"");
        refusal("unresolved");
    }

    private void bounded(Bounds bounds, String symbolicName, String... headers) throws Exception {
        install(symbolicName, "1.0.0", headers);
        parts.add(part(symbolicName, "1.0.0").within(bounds));
    }

    private void install(String symbolicName, String version, String... headers) throws Exception {
        installed.add(part(symbolicName, version));
        fresh.put(symbolicName, TestJars.read(jars.bundle(symbolicName, version, headers)));
    }

    private void update(String symbolicName, String version, String... headers) throws Exception {
        updated.add(part(symbolicName, version));
        fresh.put(symbolicName, TestJars.read(jars.bundle(symbolicName, version, headers)));
    }

    private void remove(String symbolicName, String version) {
        removed.add(part(symbolicName, version));
    }

    private static Part part(String symbolicName, String version) {
        return new Part("test:" + symbolicName + ":" + version, symbolicName, version, "", 1);
    }

    private void check() {
        assertDoesNotThrow(() -> resolving().check(plan(), fresh, new Neighbours(List.of(), parts)));
    }

    private String refusal(String type) {
        Refused refused =
                assertThrows(Refused.class, () -> resolving().check(plan(), fresh, new Neighbours(List.of(), parts)));
        assertEquals(type, refused.problem().type());
        return refused.problem().detail();
    }

    private Plan plan() {
        return new Plan(installed, updated, removed, List.of(), List.of());
    }

    private Resolving resolving() {
        return new Resolving(framework.context(), framework.resolver());
    }
}
