package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import io.gatehouse.software.Document;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RehearsalTest {
    @TempDir
    Path folder;

    private Fleet fleet;

    @BeforeEach
    void open() throws Exception {
        fleet = new Fleet(folder);
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    @Test
    void saysWhatAFeatureWouldDoAndChangesNothing() throws Exception {
        fleet.software.factory = List.of(fleet.image("acme.base", "1.0.0"));
        Feature running = TestJars.feature("acme:f:1", fleet.served("acme.old", "1.0.0"));
        start(running);
        fleet.software.restarted = List.of("acme.neighbour");
        Feature next =
                TestJars.feature("acme:f:2", fleet.served("acme.app", "1.0.0"), fleet.served("acme.base", "2.0.0"));
        Map<String, ?> result = ((Outcome.Done) plan(next)).result();
        assertEquals(List.of("acme.app 1.0.0"), names(result.get("install")));
        assertEquals(List.of("acme.base 2.0.0"), names(result.get("update")));
        assertEquals("1.0.0", ((Map<?, ?>) ((List<?>) result.get("update")).get(0)).get("from"));
        assertEquals(List.of("acme.old 1.0.0"), names(result.get("remove")));
        assertEquals(List.of("acme.neighbour"), result.get("restart"));
        assertEquals(1, fleet.software.changes.size());
        assertTrue(fleet.artifacts.retained.size() <= 1, "it evicted something");
    }

    @Test
    void saysWhyAFeatureWouldBeRefused() throws Exception {
        start(new Feature("acme:nothing:1", List.of(), Map.of()));
        Path app = fleet.served("acme.app", "1.0.0", "Import-Package", "acme.absent");
        Outcome.Refused refused = (Outcome.Refused) plan(TestJars.feature("acme:f:1", app));
        assertEquals("unresolved", refused.problem().type());
    }

    @Test
    void judgesBundlesAsIfWhoeverAsksHadSignedTheFeatureThen() throws Exception {
        VendorKeys acme = new VendorKeys(folder, "acme");
        acme.certify("release", 365);
        fleet.trust = TestTrust.document(List.of(acme.vendor("com.acme.*")));
        start(new Feature("acme:nothing:1", List.of(), Map.of()));
        Feature unsigned = TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"));
        Feature signed = TestJars.feature(
                "acme:g:1", fleet.served(acme.sign(fleet.jars.bundle("com.acme.app", "1.0.0"), "release")));
        Desired.Signature inTime = new Desired.Signature(TestTrust.CLERK.kid(), Instant.parse("2025-06-01T00:00:00Z"));
        Desired.Signature late = new Desired.Signature(TestTrust.CLERK.kid(), Fleet.SIGNATURE.at());
        assertTrue(plan(unsigned) instanceof Outcome.Done);
        assertEquals(
                "unsigned-jar",
                ((Outcome.Refused) plan(unsigned, inTime)).problem().type());
        assertTrue(plan(signed, inTime) instanceof Outcome.Done);
        assertEquals(
                "certificate-not-valid",
                ((Outcome.Refused) plan(signed, late)).problem().type());
    }

    @Test
    void saysWhichArtifactCannotBeHad() throws Exception {
        start(new Feature("acme:nothing:1", List.of(), Map.of()));
        Path app = fleet.jars.bundle("acme.app", "1.0.0");
        Outcome.Refused refused = (Outcome.Refused) plan(TestJars.feature("acme:f:1", app));
        assertEquals("unreachable", refused.problem().type());
    }

    @Test
    void isRefusedWhileAChangeGoesOn() throws Exception {
        Reconciler reconciler = fleet.start();
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        await().until(() -> fleet.software.changes.size() == 1);
        Outcome.Refused refused = (Outcome.Refused) plan(new Feature("acme:f:2", List.of(), Map.of()));
        assertEquals("busy", refused.problem().type());
    }

    @Test
    void nobodyTakesAwayWhatAPlanUses() throws Exception {
        start(new Feature("acme:nothing:1", List.of(), Map.of()));
        Path app = fleet.served("acme.app", "1.0.0");
        Sha256 digest = Sha256.of(app);
        List<Boolean> here = new ArrayList<>();
        Outcome outcome = fleet.rehearsal()
                .plan(TestJars.feature("acme:f:1", app).write(), Optional.of(Fleet.SIGNATURE), (step, progress) -> {
                    if (step.equals("verify")) {
                        fleet.artifacts.retain(Set.of());
                        here.add(fleet.artifacts.here.containsKey(digest));
                    }
                });
        assertTrue(outcome instanceof Outcome.Done, outcome.toString());
        assertEquals(List.of(true), here);
        fleet.artifacts.retain(Set.of());
        assertEquals(Set.of(), fleet.artifacts.here.keySet());
    }

    private void start(Feature running) throws Exception {
        Reconciler reconciler = fleet.start();
        reconciler.desired(Fleet.wanted(running));
        await().until(() -> fleet.software.changes.size() == 1);
        reconciler.ended(fleet.software.commit());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertTrue(!fleet.software.document.equals(Document.FACTORY));
    }

    private Outcome plan(Feature feature) throws InterruptedException {
        return plan(feature, Fleet.SIGNATURE);
    }

    private Outcome plan(Feature feature, Desired.Signature asked) throws InterruptedException {
        return fleet.rehearsal().plan(feature.write(), Optional.of(asked), (step, progress) -> {});
    }

    private static List<String> names(Object bundles) {
        return ((List<?>) bundles)
                .stream()
                        .map(bundle ->
                                ((Map<?, ?>) bundle).get("symbolicName") + " " + ((Map<?, ?>) bundle).get("version"))
                        .toList();
    }
}
