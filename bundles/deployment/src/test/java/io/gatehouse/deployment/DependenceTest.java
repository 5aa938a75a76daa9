package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Features that need one which needs a license. */
@Timeout(30)
class DependenceTest extends LicensedFixture {
    private static final String RAIN = "acme:rain:1";

    private Path alarm;
    private Desired alarming;

    @BeforeEach
    void serveWhatDepends() throws IOException {
        rain = provider("1.0.0", "Export-Package", "com.acme.rain;version=1.0;uses:=\"org.osgi.framework\"");
        rainy = wanted("rain", TestJars.feature(RAIN, rain));
        alarm = fleet.served("com.acme.alarm", "1.0.0", "Import-Package", "com.acme.rain;version=\"[1,2)\"");
        alarming = wanted("alarm", TestJars.feature("acme:alarm:1", alarm, fleet.served("acme.bell", "1.0.0")));
    }

    @Test
    void whatNeedsALeftOutFeatureIsLeftOutWithItAndTheRestIsApplied() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, alarming, plain));
        commit(1);
        assertEquals(List.of("acme.lib"), running());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(Set.of(leftOut(rainy, "com.acme.rain"), leftOut(alarming, "com.acme.alarm", RAIN)), unlicensed());
        assertEquals(
                Documents.digests(List.of(rainy, alarming, plain)),
                fleet.outbox.last().get("desired"));
        assertEquals(Documents.digests(List.of(plain)), fleet.software.document.desired());
    }

    @Test
    void whatNeedsThatIsLeftOutTooAndItComesWithTheLicense() throws Exception {
        fleet.licensing.begin();
        Desired siren = wanted(
                "siren",
                TestJars.feature(
                        "acme:siren:1", fleet.served("com.acme.siren", "1.0.0", "Require-Bundle", "com.acme.alarm")));
        reconciler.desired(List.of(siren, alarming, rainy, plain));
        commit(1);
        assertEquals(List.of("acme.lib"), running());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(
                Set.of(
                        leftOut(rainy, "com.acme.rain"),
                        leftOut(alarming, "com.acme.alarm", RAIN),
                        leftOut(siren, "com.acme.siren", RAIN)),
                unlicensed());
        fleet.artifacts.served.clear();
        fleet.licensing.grant(LICENSE);
        commit(2);
        assertEquals(List.of("acme.bell", "acme.lib", "com.acme.alarm", "com.acme.rain", "com.acme.siren"), running());
        await().until(() -> unlicensed().isEmpty());
    }

    @Test
    void aLicenseThatEndsTakesWhatDependsOnItAndNothingElse() throws Exception {
        fleet.licensing.begin(LICENSE);
        Desired other = wanted(
                "other",
                TestJars.feature(
                        "acme:other:1",
                        fleet.served("acme.other", "1.0.0", "Import-Package", "com.acme.rain;resolution:=optional")));
        reconciler.desired(List.of(rainy, alarming, other, plain));
        commit(1);
        assertEquals(List.of("acme.bell", "acme.lib", "acme.other", "com.acme.alarm", "com.acme.rain"), running());
        fleet.licensing.end(LICENSE);
        commit(2);
        assertEquals(List.of("acme.lib", "acme.other"), running());
        fleet.licensing.grant(LICENSE);
        commit(3);
        assertEquals(5, running().size());
    }

    @Test
    void aServiceThatBothManifestsDeclareCounts() throws Exception {
        fleet.licensing.begin();
        Path meter = fleet.served(
                "com.acme.meter",
                "1.0.0",
                "Require-Capability",
                requirements(LICENSE),
                "Provide-Capability",
                "osgi.service;objectClass:List<String>=\"com.acme.Meter,com.acme.Gauge\"");
        Desired metered = wanted("meter", TestJars.feature("acme:meter:1", meter));
        Desired reader = wanted("reader", TestJars.feature("acme:reader:1", needing("com.acme.reader", "")));
        Desired maybe =
                wanted("maybe", TestJars.feature("acme:maybe:1", needing("com.acme.maybe", ";resolution:=optional")));
        reconciler.desired(List.of(metered, reader, maybe));
        commit(1);
        assertEquals(List.of("com.acme.maybe"), running());
    }

    private Path needing(String name, String resolution) throws IOException {
        return fleet.served(
                name,
                "1.0.0",
                "Require-Capability",
                "osgi.service;filter:=\"(objectClass=com.acme.Gauge)\";effective:=active" + resolution);
    }

    @Test
    void whatFindsElsewhereWhatItNeedsIsNotLeftOut() throws Exception {
        fleet.licensing.begin();
        fleet.software.factory = List.of(fleet.image("acme.base", "1.0.0", "Export-Package", "acme.base"));
        rainy = wanted(
                "rain",
                TestJars.feature(
                        RAIN, provider("1.1.0", "Export-Package", "acme.base,com.acme.rain,org.osgi.framework")));
        Desired other = wanted("other", TestJars.feature("acme:other:1", needingBase()));
        reconciler.desired(List.of(rainy, other));
        commit(1);
        assertEquals(List.of("acme.other"), running());
        Desired second = wanted(
                "second",
                TestJars.feature(
                        "acme:second:1",
                        fleet.served("acme.second", "1.0.0", "Export-Package", "com.acme.rain;version=1.5")));
        reconciler.desired(List.of(rainy, alarming, second));
        commit(2);
        assertEquals(List.of("acme.bell", "acme.second", "com.acme.alarm"), running());
    }

    private Path needingBase() throws IOException {
        return fleet.served("acme.other", "1.0.0", "Import-Package", "acme.base,org.osgi.framework");
    }

    @Test
    void whatIsServedByTheOlderVersionThatComesToLightStays() throws Exception {
        fleet.licensing.begin();
        Path older = fleet.served("com.acme.rain", "0.9.0", "Export-Package", "com.acme.rain;version=1.0");
        Desired wider = Fleet.desired("dwr", 0, TestJars.feature("acme:rain:0", older));
        reconciler.desired(List.of(wider, rainy, alarming));
        commit(1);
        assertEquals(List.of("acme.bell", "com.acme.alarm", "com.acme.rain"), running());
        assertEquals("0.9.0", part("com.acme.rain").version());
    }

    @Test
    void itIsKnownWhenTheFilesGaveTheirRoomAndAfterAPowerCut() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, alarming));
        await().until(() -> unlicensed().size() == 2);
        fleet.artifacts.here.clear();
        fleet.artifacts.served.keySet().retainAll(Set.of(sha256(lib)));
        reconciler.desired(List.of(rainy, alarming, plain));
        commit(1);
        assertEquals(List.of("acme.lib"), running());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        restart();
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, alarming, plain));
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(List.of("applied"), fleet.outbox.told());
        assertEquals(2, unlicensed().size());
    }

    @Test
    void whileNobodyCanTellItWaitsWithWhatItNeeds() {
        reconciler.desired(List.of(rainy, alarming, plain));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        Map<String, Object> first = new HashMap<>(leftOut(rainy, "com.acme.rain"));
        Map<String, Object> second = new HashMap<>(leftOut(alarming, "com.acme.alarm", RAIN));
        List.of(first, second).forEach(one -> one.put("problem", "no-licensing"));
        assertEquals(Set.of(first, second), unlicensed());
        fleet.licensing.begin(LICENSE);
        commit(2);
        assertTrue(running().contains("com.acme.alarm"));
    }

    @Test
    void aDryRunSaysThroughWhichFeature() throws Exception {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy));
        await().until(() -> unlicensed().size() == 1);
        Map<String, ?> result = plan(TestJars.feature("acme:alarm:1", alarm));
        assertEquals(List.of(), result.get("install"));
        Desired planned = new Desired(
                "feature.plan", 0, Optional.empty(), Map.of("id", "acme:alarm:1"), "", Optional.of(Fleet.SIGNATURE));
        assertEquals(
                Set.of(leftOut(rainy, "com.acme.rain"), leftOut(planned, "com.acme.alarm", RAIN)),
                Set.copyOf((List<?>) result.get("unlicensed")));
    }

    private Path provider(String version, String... more) throws IOException {
        return fleet.served("com.acme.rain", version, "Require-Capability", requirements(LICENSE), more[0], more[1]);
    }

    private static Sha256 sha256(Path file) {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
