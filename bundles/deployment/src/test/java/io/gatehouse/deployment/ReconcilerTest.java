package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import io.gatehouse.software.ChangeWatcher.Step;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReconcilerTest extends ReconcilerFixture {
    @Test
    void configurationAloneIsAChangeAndReportedAsOne() throws Exception {
        Desired wanted = new Desired(
                "dwr/desired/configuration/acme.pid",
                1,
                Optional.of("acme.pid"),
                Map.of("port:Integer", 1),
                "digest",
                Optional.of(Fleet.SIGNATURE));
        reconciler.desired(List.of(wanted));
        await().until(() -> fleet.software.changes.size() == 1);
        assertEquals(
                Map.of("acme.pid", Map.of("port:Integer", 1)),
                fleet.software.changes.get(0).configurations());
        reconciler.ended(fleet.software.commit());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(Map.of(), fleet.outbox.last().get("desired"), "no feature is wanted");
        assertEquals(
                Map.of(wanted.topic(), "digest"),
                fleet.outbox
                        .configurations
                        .get(fleet.outbox.configurations.size() - 1)
                        .get("desired"));
        reconciler.desired(List.of());
        await().until(() -> fleet.software.changes.size() == 2);
        reconciler.ended(fleet.software.commit());
        await().until(() -> fleet.outbox
                .configurations
                .get(fleet.outbox.configurations.size() - 1)
                .get("desired")
                .equals(Map.of()));
    }

    @Test
    void whatWasRefusedIsLookedAtAgainWhenOthersAreTrusted() throws Exception {
        fleet.trust = TestTrust.withoutVouch();
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.2.0"))));
        await().until(() -> fleet.outbox.lastProblem().equals("unsigned-jar"));
        fleet.trust = TestTrust.document(List.of());
        reconciler.trustChanged();
        await().until(() -> fleet.software.changes.size() == 1);
    }

    @Test
    void fetchesVerifiesResolvesAppliesAndReportsEachStep() throws Exception {
        Path app = fleet.served("acme.app", "1.2.0");
        List<Desired> wanted = Fleet.wanted(TestJars.feature("acme:f:1", app));
        reconciler.desired(wanted);
        await().until(() -> fleet.software.changes.size() == 1);
        Document target = fleet.software.changes.get(0);
        assertEquals(
                List.of(new Part(
                        "test:acme.app:1.2.0",
                        "acme.app",
                        "1.2.0",
                        Sha256.of(app).hex(),
                        Files.size(app))),
                target.parts());
        assertEquals(Map.of(wanted.get(0).topic(), wanted.get(0).digest()), target.desired());
        reconciler.begins(Step.APPLY);
        reconciler.begins(Step.PROVE);
        reconciler.begins(Step.COMMIT);
        reconciler.ended(fleet.software.commit());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(
                List.of(
                        "applying fetch",
                        "applying verify",
                        "applying resolve",
                        "applying apply",
                        "applying prove",
                        "applying commit",
                        "applied"),
                fleet.outbox.told());
        assertEquals(target.desired(), fleet.outbox.last().get("desired"));
        assertEquals(List.of("acme.neighbour"), fleet.outbox.last().get("restarted"));
        assertEquals("1.5", String.valueOf(fleet.outbox.last().get("duration")));
        assertEquals(
                List.of(Map.of(
                        "id",
                        "test:acme.app:1.2.0",
                        "symbolicName",
                        "acme.app",
                        "version",
                        "1.2.0",
                        "sha256",
                        Sha256.of(app).hex(),
                        "state",
                        "active")),
                fleet.outbox.last().get("bundles"));
    }

    @Test
    void aBurstIsOneChange() throws Exception {
        fleet.close();
        fleet = new Fleet(folder);
        reconciler = fleet.start(Duration.ofMillis(300), true);
        Feature first = TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"));
        Feature last = TestJars.feature("acme:f:2", fleet.served("acme.app", "2.0.0"));
        reconciler.desired(Fleet.wanted(first));
        reconciler.desired(List.of());
        reconciler.desired(Fleet.wanted(last));
        await().until(() -> !fleet.software.changes.isEmpty());
        assertEquals("2.0.0", fleet.software.changes.get(0).parts().get(0).version());
    }

    @Test
    void atABootWithWhatIsWantedItReportsWhatRuns() throws Exception {
        fleet.software.factory = List.of(fleet.image("acme.base", "1.0.0"));
        reconciler.desired(List.of());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertTrue(fleet.software.changes.isEmpty());
        assertEquals(1, ((List<?>) fleet.outbox.last().get("bundles")).size());
    }

    @Test
    void whatWasRolledBackIsReportedToldAsAnEventAndNotTriedAgain() throws Exception {
        List<Desired> wanted = rolledBack();
        assertEquals("rolled-back", fleet.outbox.lastState());
        assertEquals("start-failed", fleet.outbox.lastProblem());
        assertEquals(List.of("acme.neighbour"), fleet.outbox.last().get("restarted"));
        assertEquals("rolled-back", fleet.outbox.events.get(0).get("state"));
        Feature other = TestJars.feature("acme:g:1", fleet.served("acme.other", "1.0.0"));
        reconciler.desired(wanted);
        reconciler.desired(Fleet.wanted(other));
        await().until(() -> fleet.software.changes.size() == 2);
        assertEquals("acme.other", fleet.software.changes.get(1).parts().get(0).symbolicName());
        assertEquals(1, fleet.outbox.events.size());
    }

    @Test
    void whatWasRolledBackIsTriedAgainWhenSomebodySaysSo() throws Exception {
        rolledBack();
        reconciler.retry();
        await().until(() -> fleet.software.changes.size() == 2);
        assertEquals(fleet.software.changes.get(0), fleet.software.changes.get(1));
    }

    @Test
    void afterARestartOfTheProcessWhatWasRolledBackIsReportedAndNotTriedAgain() throws Exception {
        List<Desired> wanted = rolledBack();
        reconciler.close();
        fleet.outbox.reports.clear();
        reconciler = fleet.start();
        reconciler.desired(wanted);
        await().until(() -> !fleet.outbox.reports.isEmpty());
        assertEquals(List.of("rolled-back"), fleet.outbox.told());
        assertEquals("start-failed", fleet.outbox.lastProblem());
        assertEquals(1, fleet.software.changes.size());
    }

    @Test
    void afterARestartOfTheProcessItReportsHowTheLastChangeWent() throws Exception {
        Path app = fleet.served("acme.app", "1.0.0");
        List<Desired> wanted = Fleet.wanted(TestJars.feature("acme:f:1", app));
        reconciler.desired(wanted);
        await().until(() -> fleet.software.changes.size() == 1);
        reconciler.close();
        fleet.software.commit();
        fleet.outbox.reports.clear();
        reconciler = fleet.start();
        reconciler.desired(wanted);
        await().until(() -> !fleet.outbox.reports.isEmpty());
        assertEquals(List.of("applied"), fleet.outbox.told());
        assertEquals("1.5", String.valueOf(fleet.outbox.last().get("duration")));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        reconciler.desired(List.of(
                new Desired("dwr/desired/feature/f", 0, Optional.empty(), "no", "1", Optional.of(Fleet.SIGNATURE))));
        awaitRefused("bad-feature");
        assertTrue(fleet.outbox.events.isEmpty());
    }

    @Test
    void aJarThatEndsTooEarlyIsRefused() throws Exception {
        Path jar = fleet.jars.bundle("acme.app", "1.0.0");
        Files.write(jar, "PK no jar".getBytes());
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served(jar))));
        awaitRefused("truncated-jar");
    }

    @Test
    void whatWouldNotResolveIsRefused() throws Exception {
        Path app = fleet.served("acme.app", "1.0.0", "Import-Package", "acme.absent");
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", app)));
        awaitRefused("unresolved");
    }

    /** The interrupt that ends what is older may come when the newer is in work already. */
    @Test
    void anInterruptThatComesLateLosesNothing() throws Exception {
        CountDownLatch prepared = new CountDownLatch(1);
        AtomicReference<Thread> worker = new AtomicReference<>();
        fleet.path(touched -> {
            if (worker.getAndSet(Thread.currentThread()) == null) {
                prepared.countDown();
                new CountDownLatch(1).await();
            }
            return List.of();
        });
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        prepared.await();
        worker.get().interrupt();
        await().until(() -> fleet.software.changes.size() == 1);
    }

    @Test
    void waitsWhileTheWayToTheBrokerIsNotWell() throws Exception {
        AtomicBoolean isWell = new AtomicBoolean();
        AtomicReference<Set<String>> asked = new AtomicReference<>();
        fleet.path(touched -> {
            asked.set(touched);
            return isWell.get() ? List.of() : List.of(Complaint.passing("no message came back"));
        });
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        await().until(() -> fleet.outbox.lastState().equals("waiting"));
        assertEquals("no message came back", fleet.outbox.lastDetail());
        assertEquals(Set.of("acme.app"), asked.get());
        assertTrue(fleet.software.changes.isEmpty());
        isWell.set(true);
        await().until(() -> fleet.software.changes.size() == 1);
    }

    @Test
    void restartsOfOtherBundlesAreRefusedWherePolicySaysSo() throws Exception {
        reconciler.close();
        reconciler = fleet.start(Duration.ZERO, false);
        fleet.software.restarted = List.of("acme.neighbour");
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        awaitRefused("would-restart");
        assertTrue(fleet.outbox.lastDetail().contains("acme.neighbour"), fleet.outbox.lastDetail());
    }

    @Test
    void whatIsWantedMeanwhileWaitsForTheEndOfTheChange() throws Exception {
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        await().until(() -> fleet.software.changes.size() == 1);
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:2", fleet.served("acme.app", "2.0.0"))));
        reconciler.begins(Step.PROVE);
        await().until(() -> fleet.outbox.told().contains("applying prove"));
        assertEquals(1, fleet.software.changes.size());
        reconciler.ended(fleet.software.commit());
        await().until(() -> fleet.software.changes.size() == 2);
        assertEquals("2.0.0", fleet.software.changes.get(1).parts().get(0).version());
    }

    @Test
    void aChangeThatItDoesNotKnowOfComesFirst() throws Exception {
        fleet.software.isChanging = true;
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        fleet.software.askedWhileChanging.await();
        assertTrue(fleet.outbox.reports.isEmpty(), "it reported before the change's end");
        fleet.software.isChanging = false;
        reconciler.ended(
                new Verdict(Verdict.State.APPLIED, Map.of("other", "1"), "", "", List.of(), Duration.ofSeconds(1)));
        await().until(() -> fleet.software.changes.size() == 1);
    }

    @Test
    void withoutTheFeatureTheImagesBundleRunsAgain() throws Exception {
        fleet.software.factory = List.of(fleet.image("acme.app", "1.0.0"));
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "2.0.0"))));
        await().until(() -> fleet.software.changes.size() == 1);
        reconciler.ended(fleet.software.commit());
        reconciler.desired(List.of());
        await().until(() -> fleet.software.changes.size() == 2);
        assertEquals(Document.FACTORY, fleet.software.changes.get(1));
    }

    @Test
    void anExceptionOfAnotherIsReportedAndTheNextChangeGoesOn() throws Exception {
        CountDownLatch threw = new CountDownLatch(1);
        fleet.path(touched -> {
            threw.countDown();
            throw new IllegalStateException("oops");
        });
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        threw.await();
        await().until(() -> fleet.outbox.lastProblem().equals("unexpected"));
        fleet.path(touched -> List.of());
        reconciler.retry();
        await().until(() -> fleet.software.changes.size() == 1);
    }

    private List<Desired> rolledBack() throws Exception {
        List<Desired> wanted = Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0")));
        reconciler.desired(wanted);
        await().until(() -> fleet.software.changes.size() == 1);
        reconciler.ended(fleet.software.putBack());
        await().until(() -> fleet.outbox.lastState().equals("rolled-back"));
        return wanted;
    }
}
