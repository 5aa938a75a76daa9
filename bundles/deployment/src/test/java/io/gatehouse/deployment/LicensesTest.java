package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LicensesTest extends LicensedFixture {
    @Test
    void aFeatureWithoutItsLicenseIsLeftOutAndTheRestIsApplied() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        assertEquals(List.of("acme.lib"), running());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(
                List.of(leftOut(rainy, "com.acme.rain")), fleet.outbox.last().get("unlicensed"));
        assertEquals(
                Documents.digests(List.of(rainy, plain)), fleet.outbox.last().get("desired"));
        assertEquals(Documents.digests(List.of(plain)), fleet.software.document.desired());
    }

    @Test
    void aloneItIsNoChangeAtAllAndNotLookedAtForEver() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy));
        await().until(() -> fleet.outbox.last().containsKey("unlicensed"));
        assertEquals("applied", fleet.outbox.lastState());
        assertEquals(Map.of(rainy.topic(), rainy.digest()), fleet.outbox.last().get("desired"));
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        await().until(() -> fleet.outbox.last().get("desired").equals(Documents.digests(List.of(rainy, plain)))
                && fleet.outbox.lastState().equals("applied"));
        assertEquals(1, fleet.software.changes.size());
        assertEquals(
                1,
                fleet.outbox.reports.stream()
                        .filter(report -> "applied".equals(report.get("state"))
                                && Map.of(rainy.topic(), rainy.digest()).equals(report.get("desired")))
                        .count());
    }

    @Test
    void whoeverGrantsLicensesHearsOfIt() throws Exception {
        List<String> filters = fleet.listenedTo();
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy));
        await().until(() ->
                filters.stream().anyMatch(filter -> filter.contains("(osgi.condition.id=license.com.acme.rain)")));
        reconciler.desired(List.of());
        await().until(filters::isEmpty);
    }

    @Test
    void itComesWithItsLicenseAlsoWhenNobodyServesItAnyMore() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        fleet.artifacts.served.clear();
        fleet.licensing.grant(LICENSE);
        commit(2);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
        await().until(() -> fleet.outbox.lastState().equals("applied")
                && !fleet.outbox.last().containsKey("unlicensed"));
        assertEquals(Documents.digests(List.of(rainy, plain)), fleet.software.document.desired());
    }

    @Test
    void itGoesWithItsLicenseAndWhatElseRunsIsNotTouched() {
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
        List<Part> before = fleet.software.document.parts();
        fleet.licensing.end(LICENSE);
        await().until(() -> fleet.software.changes.size() == 2);
        Document target = fleet.software.changes.get(1);
        assertEquals(
                before.stream()
                        .filter(part -> part.symbolicName().equals("acme.lib"))
                        .toList(),
                target.parts());
        assertEquals(
                Set.of("com.acme.rain", "acme.neighbour"), touched(target), "but what the test's launcher restarts");
        commit(2);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(
                List.of(leftOut(rainy, "com.acme.rain")), fleet.outbox.last().get("unlicensed"));
        fleet.licensing.grant(LICENSE);
        commit(3);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
    }

    @Test
    void aBurstOfComingAndGoingIsNoChange() throws Exception {
        reconciler.close();
        reconciler = fleet.start(Duration.ofMillis(300), true);
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        for (int i = 0; i < 20; i++) {
            fleet.licensing.end(LICENSE);
            fleet.licensing.grant(LICENSE);
        }
        reconciler.desired(List.of(rainy));
        commit(2);
        assertEquals(List.of("com.acme.rain"), running());
    }

    @Test
    void aFeatureIsLeftOutWholeWhereOneOfItsBundlesNeedsALicense() throws Exception {
        fleet.licensing.begin();
        Desired both = wanted("both", TestJars.feature("acme:both:1", lib, rain));
        reconciler.desired(List.of(both));
        await().until(() -> fleet.outbox.last().containsKey("unlicensed"));
        assertTrue(fleet.software.changes.isEmpty());
        fleet.artifacts.served.clear();
        fleet.licensing.grant(LICENSE);
        commit(1);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
    }

    @Test
    void everyFeatureWithTheBundleIsLeftOutAndNamed() throws Exception {
        fleet.licensing.begin(LICENSE);
        Desired other = wanted("other", TestJars.feature("acme:other:1", rain, lib));
        reconciler.desired(List.of(rainy, other));
        commit(1);
        fleet.licensing.end(LICENSE);
        commit(2);
        assertEquals(List.of(), running());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(Set.of(leftOut(rainy, "com.acme.rain"), leftOut(other, "com.acme.rain")), Set.copyOf((List<?>)
                fleet.outbox.last().get("unlicensed")));
    }

    @Test
    void everyLicenseThatIsLackingIsNamed() throws Exception {
        fleet.licensing.begin("com.acme.base");
        Path snow = licensed("com.acme.snow", "1.0.0", "com.acme.base", "com.acme.snow", "com.acme.ice");
        reconciler.desired(List.of(wanted("snow", TestJars.feature("acme:snow:1", snow))));
        await().until(() -> fleet.outbox.last().containsKey("unlicensed"));
        assertEquals(
                List.of("com.acme.snow", "com.acme.ice"),
                ((List<?>) fleet.outbox.last().get("unlicensed"))
                        .stream().map(one -> ((Map<?, ?>) one).get("license")).toList());
    }

    @Test
    void whatItLayOverComesToLight() throws Exception {
        fleet.licensing.begin();
        Desired wider =
                Fleet.desired("dwr", 0, TestJars.feature("acme:rain:0", fleet.served("com.acme.rain", "0.9.0")));
        reconciler.desired(List.of(wider, rainy));
        commit(1);
        assertEquals("0.9.0", part("com.acme.rain").version());
        fleet.licensing.grant(LICENSE);
        commit(2);
        assertEquals("1.0.0", part("com.acme.rain").version());
    }

    @Test
    void anArtifactThatOnlyALeftOutFeatureLacksHoldsNothingUp() throws Exception {
        fleet.licensing.begin();
        Desired both = wanted("both", TestJars.feature("acme:both:1", rain, fleet.jars.bundle("acme.absent", "1.0.0")));
        reconciler.desired(List.of(both, plain));
        commit(1);
        assertEquals(List.of("acme.lib"), running());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
    }

    @Test
    void whatIsLeftOutGivesItsRoomToWhatIsNot() throws Exception {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy));
        await().until(() -> fleet.outbox.last().containsKey("unlicensed"));
        Sha256 sha256 = Sha256.of(rain);
        assertTrue(fleet.artifacts.here.containsKey(sha256));
        fleet.artifacts.lacking = 1;
        fleet.artifacts.lackingAfterEviction = 1;
        reconciler.desired(List.of(rainy, plain));
        await().until(() -> fleet.outbox.lastProblem().equals("no-room"));
        assertFalse(fleet.artifacts.here.containsKey(sha256));
        assertTrue(fleet.artifacts.retained.stream().anyMatch(kept -> kept.contains(sha256)), "it went first");
    }

    @Test
    void whatWasRolledBackIsNotTriedAgainBecauseItsLicenseComesBack() {
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(rainy));
        await().until(() -> fleet.software.changes.size() == 1);
        reconciler.ended(fleet.software.putBack());
        await().until(() -> fleet.outbox.lastState().equals("rolled-back"));
        fleet.licensing.end(LICENSE);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        fleet.licensing.grant(LICENSE);
        await().until(() -> fleet.outbox.lastState().equals("rolled-back"));
        assertEquals(1, fleet.software.changes.size());
    }

    @Test
    void aDryRunSaysWhatWouldBeLeftOut() throws Exception {
        fleet.licensing.begin();
        reconciler.desired(List.of(plain));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        Map<String, ?> result = plan(TestJars.feature("acme:rain:1", rain));
        assertEquals(List.of(), result.get("install"));
        Desired planned = new Desired("feature.plan", 0, Optional.empty(), Map.of(), "", Optional.of(Fleet.SIGNATURE));
        assertEquals(List.of(leftOut(planned, "com.acme.rain")), result.get("unlicensed"));
        Map<String, ?> instead = plan(TestJars.feature("acme:plain:2", rain));
        assertEquals(1, ((List<?>) instead.get("remove")).size(), "the feature whose place it takes");
        fleet.licensing.grant(LICENSE);
        Map<String, ?> now = plan(TestJars.feature("acme:rain:1", rain));
        assertEquals(1, ((List<?>) now.get("install")).size());
        assertFalse(now.containsKey("unlicensed"));
    }

    @Test
    void configurationsSayTheSame() {
        fleet.licensing.begin();
        Desired configuration = new Desired(
                "dwr/desired/configuration/acme.pid",
                1,
                Optional.of("acme.pid"),
                Map.of("port:Integer", 1),
                "digest",
                Optional.of(Fleet.SIGNATURE));
        reconciler.desired(List.of(rainy, configuration));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        Map<String, ?> last = fleet.outbox.configurations.get(fleet.outbox.configurations.size() - 1);
        assertEquals(Map.of(configuration.topic(), "digest"), last.get("desired"));
        assertEquals(List.of(leftOut(rainy, "com.acme.rain")), last.get("unlicensed"));
    }

    @Test
    void aRequirementThatNamesNoLicenseIsRefused() throws Exception {
        Path bad = fleet.served(
                "com.acme.bad",
                "1.0.0",
                "Require-Capability",
                "io.gatehouse.license;filter:=\"(io.gatehouse.license=Rain!)\";effective:=active");
        reconciler.desired(List.of(wanted("bad", TestJars.feature("acme:bad:1", bad))));
        awaitRefused("not-a-bundle");
        assertTrue(fleet.outbox.lastDetail().contains("Rain!"), fleet.outbox.lastDetail());
        assertTrue(fleet.outbox.lastDetail().contains("com.acme.rain"), fleet.outbox.lastDetail());
    }

    @Test
    void oneThatTheFrameworkWouldNotPassOverIsRefusedWithTheRemedy() throws Exception {
        fleet.licensing.begin(LICENSE);
        Path bad = fleet.served(
                "com.acme.bad",
                "1.0.0",
                "Require-Capability",
                "io.gatehouse.license;filter:=\"(io.gatehouse.license=com.acme.rain)\"");
        reconciler.desired(List.of(wanted("bad", TestJars.feature("acme:bad:1", bad))));
        awaitRefused("unresolved");
        assertTrue(fleet.outbox.lastDetail().contains("effective:=active"), fleet.outbox.lastDetail());
    }

    @Test
    @Timeout(120) // keytool and jarsigner are processes of their own
    void aVendorsBundleMaySayIt() throws Exception {
        VendorKeys acme = new VendorKeys(folder, "acme");
        acme.certify("release", 365);
        fleet.trust = TestTrust.document(List.of(acme.vendor("com.acme.*")));
        fleet.licensing.begin(LICENSE);
        Path signed = fleet.served(acme.sign(rain, "release"));
        Desired.Signature inTime = new Desired.Signature(TestTrust.CLERK.kid(), Instant.parse("2025-06-01T00:00:00Z"));
        Feature feature = TestJars.feature("acme:rain:1", signed);
        reconciler.desired(List.of(
                new Desired(rainy.topic(), 3, Optional.of("rain"), feature.write(), "digest", Optional.of(inTime))));
        commit(1);
        assertTrue(part("com.acme.rain").bounds().isPresent(), "it is held to its vendor's grants");
    }
}
