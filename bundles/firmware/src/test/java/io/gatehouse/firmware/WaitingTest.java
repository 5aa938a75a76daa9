package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What is waited for, before a fetch and before a restart. */
class WaitingTest extends Rigged {
    @Test
    void restartWaitsUntilTheBrokerAnswers() throws Exception {
        rig.slots.are(new Health(
                Map.of("path", Set.of(Complaint.passing("no message came back by 12:00")), "components", Set.of()),
                Set.of()));
        rig.want(V2);
        rig.start();
        rig.awaitState("waiting unreachable");
        assertFalse(rig.isDown());
        rig.slots.are(FakeSlots.WELL);
        rig.restart();
        rig.awaitState("applied");
    }

    @Test
    void fetchStopsWhereSomebodyMindsInTheMiddleOfItAndIsGoneOnWith() throws Exception {
        rig.artifacts.fetching = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        await().until(() -> rig.ownImages().size() == 1);
        rig.minds = Optional.of("a tunnel is open");
        rig.later(Duration.ofMinutes(1));
        rig.artifacts.progress(0.5);
        rig.awaitState("waiting inhibited");
        assertEquals(1, rig.ownImages().size(), "what is there of it");
        rig.artifacts.fetching = Optional.empty();
        rig.minds = Optional.empty();
        rig.awaitDown();
    }

    @Test
    void wishThatIsTakenBackWhileSomebodyMindsIsNotTakenThough() throws Exception {
        CountDownLatch minding = new CountDownLatch(1);
        rig.artifacts.fetching = Optional.of(new CountDownLatch(1));
        rig.artifacts.stopping = Optional.of(minding);
        rig.want(V2);
        rig.start();
        await().until(() -> rig.ownImages().size() == 1);
        rig.minds = Optional.of("a tunnel is open");
        rig.later(Duration.ofMinutes(1));
        rig.artifacts.progress(0.5);
        await().until(() -> rig.artifacts.isStopping);
        rig.gateway.pause(); // whose interrupt comes to who is interrupted already
        rig.artifacts.fetching = Optional.empty();
        rig.artifacts.stopping = Optional.empty();
        rig.minds = Optional.empty();
        minding.countDown();
        rig.awaitState("waiting paused");
        assertEquals(List.of(), rig.artifacts.fetched);
    }

    @Test
    void waitsForTheWindowAtBothPlaces() throws Exception {
        Map<String, Object> window = Map.of("from", "02:00", "to", "05:00", "zone", "UTC");
        rig.want(V2, Map.of("window", window));
        rig.start();
        rig.awaitState("waiting window");
        assertEquals("it opens at 02:00 UTC", rig.fleet.detail());
        assertEquals(List.of(), rig.artifacts.fetched);
        CountDownLatch written = new CountDownLatch(1);
        rig.machine.installing = Optional.of(written);
        rig.now = Instant.parse("2026-12-02T04:59:59Z");
        await().until(() -> rig.machine.story.contains("install 2.0"));
        rig.now = Instant.parse("2026-12-02T05:00:00Z");
        written.countDown();
        rig.awaitState("waiting window");
        assertFalse(rig.machine.story.contains("activate"));
        assertEquals(Optional.empty(), rig.gateway.reason());
        rig.now = Instant.parse("2026-12-03T02:00:00Z");
        rig.awaitDown();
        assertTrue(rig.rests.contains(Duration.ofMinutes(1)));
    }

    @Test
    void waitsForTheGoAheadAtBothPlaces() throws Exception {
        rig.minds = Optional.of("a terminal is open");
        rig.want(V2);
        rig.start();
        rig.awaitState("waiting inhibited");
        assertEquals("a terminal is open", rig.fleet.detail());
        assertEquals(List.of(), rig.artifacts.fetched);
        CountDownLatch written = new CountDownLatch(1);
        rig.machine.installing = Optional.of(written);
        rig.minds = Optional.empty();
        await().until(() -> rig.machine.story.contains("install 2.0"));
        rig.isChanging = true;
        written.countDown();
        rig.awaitState("waiting changing");
        assertFalse(rig.machine.story.contains("activate"));
        rig.isChanging = false;
        rig.awaitDown();
    }

    @Test
    void gatewayThatIsRestartedWhileItWaitsForTheRestartInstallsNothingAgain() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        rig.machine.installing = Optional.of(written);
        rig.want(V2);
        rig.start();
        await().until(() -> rig.machine.story.contains("install 2.0"));
        rig.minds = Optional.of("a tunnel is open");
        written.countDown();
        await().until(() -> rig.fleet.reports.stream().anyMatch(report -> "waiting".equals(report.get("state"))));
        rig.stop().start();
        rig.minds = Optional.empty();
        rig.awaitDown();
        assertEquals(1, rig.machine.story.stream().filter("install 2.0"::equals).count());
        assertEquals(1, rig.artifacts.fetched.size());
    }

    @Test
    void onlyDevicesThatShareADocumentWaitForTheirTurn() throws Exception {
        rig.spread = "PT1H";
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        assertTrue(rig.fleet.reports.stream()
                .anyMatch(report ->
                        report.get("problem") instanceof Map<?, ?> problem && "spread".equals(problem.get("type"))));
        rig.stop();
        rig.fleet.reports.clear();
        Desired own = rig.document(V3, Map.of());
        rig.want(
                new Desired("dwr/311-a1/x/desired/firmware", 2, Optional.empty(), own.spec(), "own", Optional.empty()));
        rig.machine.restart();
        rig.start();
        rig.awaitDown();
        assertFalse(rig.fleet.wasTold("waiting"));
    }
}
