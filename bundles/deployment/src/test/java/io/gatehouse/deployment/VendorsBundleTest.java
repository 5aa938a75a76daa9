package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Bounds;
import io.gatehouse.software.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bundle that a vendor signed, from the wish to the document. */
@Timeout(30)
class VendorsBundleTest {
    private static final Map<String, ?> GRANTS =
            Map.of("packages", List.of("org.granted"), "topics", List.of("acme/#"));
    private static final Bounds BOUNDS =
            new Bounds("acme", List.of("com.acme.*"), List.of("org.granted"), List.of(), List.of());

    @TempDir
    static Path keys;

    private static VendorKeys acme;

    @TempDir
    Path folder;

    private Fleet fleet;
    private Reconciler reconciler;

    @BeforeAll
    static void keys() throws Exception {
        acme = new VendorKeys(keys, "acme");
        acme.certify("release", 3650);
    }

    @BeforeEach
    void open() throws Exception {
        fleet = new Fleet(folder);
        fleet.trust = TestTrust.document(List.of(acme.vendor(GRANTS, "com.acme.*")));
        reconciler = fleet.start();
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    private Path signed(String name, String... headers) throws Exception {
        return fleet.served(acme.sign(fleet.jars.bundle(name, "1.0.0", headers), "release"));
    }

    private Map<String, Optional<Bounds>> boundsAfter(int changes) {
        await().until(() -> fleet.software.changes.size() == changes);
        Map<String, Optional<Bounds>> bounds = new java.util.HashMap<>();
        for (Part part : fleet.software.changes.get(changes - 1).parts()) {
            bounds.put(part.symbolicName(), part.bounds());
        }
        return bounds;
    }

    @Test
    void isHeldToWhatItsVendorIsGrantedAndOthersAreNot() throws Exception {
        reconciler.desired(Fleet.wanted(
                TestJars.feature("acme:f:1", signed("com.acme.app"), fleet.served("com.google.gson", "1.0.0"))));
        assertEquals(Map.of("com.acme.app", Optional.of(BOUNDS), "com.google.gson", Optional.empty()), boundsAfter(1));
    }

    @Test
    void keepsTheBoundsThatItCameWith() throws Exception {
        Path app = signed("com.acme.app");
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", app)));
        boundsAfter(1);
        reconciler.ended(fleet.software.commit());
        fleet.trust = TestTrust.document(List.of(acme.vendor("com.acme.*")));
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:2", app, signed("com.acme.more"))));
        Map<String, Optional<Bounds>> bounds = boundsAfter(2);
        assertEquals(Optional.of(BOUNDS), bounds.get("com.acme.app"));
        assertEquals(List.of(), bounds.get("com.acme.more").orElseThrow().packages());
    }

    @Test
    void isRefusedByNameBeforeAnythingIsTouchedWhereItAsksForMore() throws Exception {
        fleet.software.factory = List.of(fleet.image("secret", "1.0.0", "Export-Package", "org.secret,org.granted"));
        reconciler.desired(
                Fleet.wanted(TestJars.feature("acme:f:1", signed("com.acme.app", "Import-Package", "org.secret"))));
        await().until(() -> fleet.outbox.lastProblem().equals("not-granted"));
        assertTrue(fleet.outbox.last().toString().contains("com.acme.app 1.0.0 imports the package org.secret"));
        reconciler.desired(Fleet.wanted(TestJars.feature(
                "acme:f:2",
                signed("com.acme.app", "Provide-Capability", "io.gatehouse.publishes;topic=\"hardware/cpu\""))));
        await().until(() -> fleet.outbox.last().toString().contains("publishes at hardware/cpu"));
        assertEquals(List.of(), fleet.software.changes);
        reconciler.desired(
                Fleet.wanted(TestJars.feature("acme:f:3", signed("com.acme.app", "Import-Package", "org.granted"))));
        boundsAfter(1);
    }
}
