package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A license that ends while something else that is wanted cannot be had. */
@Timeout(30)
class LapsedTest extends LicensedFixture {
    private Desired broken;

    @BeforeEach
    void serveWhatIsBroken() throws IOException {
        Path app = fleet.served("acme.app", "2.0.0", "Import-Package", "acme.absent");
        broken = wanted("app", TestJars.feature("acme:app:2", app));
    }

    @Test
    void aFeatureWhoseLicenseEndedIsStoppedWhereAnotherWishIsUnresolved() {
        running(rainy, plain);
        unresolved(rainy, plain, broken);
        fleet.licensing.end(LICENSE);
        commit(2);
        assertEquals(List.of("acme.lib"), running());
        awaitUnresolved();
        assertEquals(Set.of(leftOut(rainy, "com.acme.rain")), unlicensed());
        assertEquals(2, fleet.software.changes.size());
        fleet.artifacts.served.clear();
        reconciler.desired(List.of(rainy, plain));
        commit(3);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(Documents.digests(List.of(plain)), fleet.software.document.desired());
        fleet.licensing.grant(LICENSE);
        commit(4);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
    }

    @Test
    void whatRunsInPlaceOfABrokenUpdateStays() throws Exception {
        Path app = fleet.served("acme.app", "1.0.0");
        Desired before = wanted("app", TestJars.feature("acme:app:1", app));
        running(rainy, before);
        unresolved(rainy, broken);
        fleet.licensing.end(LICENSE);
        commit(2);
        assertEquals(List.of("acme.app"), running());
        assertEquals("1.0.0", part("acme.app").version());
        awaitUnresolved();
        reconciler.desired(List.of(rainy, before));
        commit(3);
        assertEquals(Documents.digests(List.of(before)), fleet.software.document.desired());
    }

    @Test
    void whatNeedsALicenseGoesAlsoWhereItsOwnUpdateIsBrokenAndWithItWhatNeedsIt() throws Exception {
        rain = fleet.served(
                "com.acme.rain",
                "1.0.0",
                "Require-Capability",
                requirements(LICENSE),
                "Export-Package",
                "com.acme.rain");
        rainy = wanted("rain", TestJars.feature("acme:rain:1", rain, fleet.served("acme.drop", "1.0.0")));
        Path alarm = fleet.served("acme.alarm", "1.0.0", "Import-Package", "com.acme.rain");
        Desired alarming = wanted("alarm", TestJars.feature("acme:alarm:1", alarm, fleet.served("acme.bell", "1.0.0")));
        running(rainy, alarming, plain);
        Desired update = wanted(
                "rain",
                TestJars.feature(
                        "acme:rain:2", fleet.served("com.acme.rain", "2.0.0", "Import-Package", "acme.absent")));
        unresolved(update, alarming, plain);
        fleet.licensing.end(LICENSE);
        commit(2);
        assertEquals(List.of("acme.drop", "acme.lib"), running(), "nobody knows whose acme.drop is");
    }

    @Test
    void itIsStoppedWholeAndWhatItConfiguredGoesWithTheNextChange() throws Exception {
        Feature feature = TestJars.feature("acme:rain:1", rain, fleet.served("acme.drop", "1.0.0"));
        rainy = wanted(
                "rain", new Feature(feature.id(), feature.bundles(), Map.of("acme.pid", Map.of("port:Integer", 1))));
        running(rainy, plain);
        unresolved(rainy, plain, broken);
        fleet.licensing.end(LICENSE);
        commit(2);
        assertEquals(List.of("acme.lib"), running());
        awaitUnresolved();
        reconciler.desired(List.of(rainy, plain));
        commit(3);
        assertEquals(Map.of(), fleet.software.document.configurations());
    }

    @Test
    void itIsStoppedWhereAnArtifactOfAnotherWishCannotBeHad() throws Exception {
        running(rainy, plain);
        Desired absent = wanted("absent", TestJars.feature("acme:absent:1", fleet.jars.bundle("acme.absent", "1.0.0")));
        reconciler.desired(List.of(rainy, plain, absent));
        await().until(() -> fleet.outbox.lastState().equals("failed"));
        fleet.licensing.end(LICENSE);
        commit(2);
        assertEquals(List.of("acme.lib"), running());
        await().until(() -> fleet.outbox.lastProblem().equals("unreachable"));
        assertEquals(Set.of(leftOut(rainy, "com.acme.rain")), unlicensed());
    }

    @Test
    void itIsStoppedWhereTheChangeWithoutItIsRolledBack() throws Exception {
        running(rainy, plain);
        Desired failing = wanted("failing", TestJars.feature("acme:failing:1", fleet.served("acme.failing", "1.0.0")));
        reconciler.desired(List.of(rainy, plain, failing));
        putBack(2);
        await().until(() -> fleet.outbox.lastState().equals("rolled-back"));
        fleet.licensing.end(LICENSE);
        putBack(3);
        commit(4);
        assertEquals(List.of("acme.lib"), running());
        putBack(5);
        await().until(() -> fleet.outbox.lastState().equals("rolled-back"));
        assertEquals(5, fleet.software.changes.size());
    }

    @Test
    void whereItCannotBeStoppedThatIsToldAndNotTriedAgainUntilSomebodySaysSo() throws Exception {
        running(rainy, plain);
        unresolved(rainy, plain, broken);
        fleet.licensing.end(LICENSE);
        putBack(2);
        awaitUnresolved();
        assertEquals("rolled-back", fleet.outbox.events.get(0).get("state"));
        restart();
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, plain, broken));
        awaitUnresolved();
        assertEquals(2, fleet.software.changes.size());
        reconciler.retry();
        commit(3);
        assertEquals(List.of("acme.lib"), running());
    }

    @Test
    void nothingIsTouchedWhereAllThatRunsMay() {
        running(plain);
        unresolved(plain, rainy, broken);
        fleet.licensing.end(LICENSE);
        await().until(() -> unlicensed().equals(Set.of(leftOut(rainy, "com.acme.rain"))));
        awaitUnresolved();
        assertEquals(1, fleet.software.changes.size());
        assertNotEquals(Documents.digests(List.of(plain, rainy)), fleet.software.document.desired());
    }

    private void running(Desired... features) {
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(features));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
    }

    private void unresolved(Desired... features) {
        reconciler.desired(List.of(features));
        awaitUnresolved();
    }

    private void awaitUnresolved() {
        await().until(() -> fleet.outbox.lastProblem().equals("unresolved"));
        assertTrue(fleet.outbox.lastDetail().contains("acme.absent"), fleet.outbox.lastDetail());
    }

    private void putBack(int changes) {
        await().until(() -> fleet.software.changes.size() == changes);
        reconciler.ended(fleet.software.putBack());
    }
}
