package io.gatehouse.cli.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CensusTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Instant AFTER = NOW.plus(PATIENCE).plusSeconds(1);
    private static final String ONE = "dwr/311-a1/1";
    private static final Count WORKS = new Count(0, 1, 0, 0, 0);
    private static final Count FAILED = new Count(0, 0, 0, 1, 0);
    private static final Count LATE = new Count(0, 0, 1, 0, 0);
    private static final Count OFFLINE = new Count(0, 0, 0, 0, 1);
    private static final Count APPLIED = new Count(1, 0, 0, 0, 0);
    private static final Count NOBODY = new Count(0, 0, 0, 0, 0);

    private Release release = release(Optional.empty());
    private Census census = new Census(release, PATIENCE, NOW);

    private static Release release(Optional<Window> window) {
        Artifact image = new Artifact(Sha256.of(new byte[0]), 1, Optional.empty());
        return new Release(
                new Scope("dwr/311-a1"), new Firmware("V2", 2, "dwr-311-a1", image, false, false, window), "V2");
    }

    private void is(String state) {
        take("status", Map.of("state", state, "place", "world"));
    }

    private void reports(String state, Map<String, ?> more) {
        Map<String, Object> report = new LinkedHashMap<>(Map.of("state", state, "version", "V1", "sequence", 1));
        report.put("desired", Map.of(release.topic(), release.at(50).digest()));
        report.putAll(more);
        take("reported/firmware", report);
    }

    private void take(String below, Map<String, ?> body) {
        census.take(Message.json(ONE + "/" + below, Json.write(body)), false, NOW);
    }

    @Test
    void waitsForADeviceThatIsThereUntilItIsLate() {
        is("online");
        assertEquals(WORKS, census.count(100, NOW));
        assertEquals(LATE, census.count(100, AFTER));
        reports("waiting", Map.of());
        assertEquals(LATE, census.count(100, AFTER));
        census.asked(AFTER);
        assertEquals(WORKS, census.count(100, AFTER));
        assertEquals(NOBODY, census.count(0, NOW));
    }

    @Test
    void waitsForOneThatRestartsAndTakesItForFailedWhenItDoesNotComeBack() {
        is("online");
        reports("applying", Map.of("step", "restart"));
        is("offline");
        assertEquals(WORKS, census.count(100, NOW));
        assertEquals(FAILED, census.count(100, AFTER));
    }

    @Test
    void doesNotWaitForOneThatIsAwayAndHasNotBegun() {
        is("offline");
        assertEquals(OFFLINE, census.count(100, NOW));
        reports("waiting", Map.of());
        assertEquals(OFFLINE, census.count(100, NOW));
    }

    @Test
    void letsOneTryAgainThatDoesSoByItself() {
        is("online");
        reports("failed", Map.of("next", "2026-11-01T12:01:00Z"));
        assertEquals(WORKS, census.count(100, NOW));
        assertEquals(FAILED, census.count(100, AFTER));
        reports("failed", Map.of());
        assertEquals(FAILED, census.count(100, NOW));
    }

    @Test
    void takesNoPatienceAwayWhileTheWindowIsClosed() {
        release = release(Optional.of(new Window(LocalTime.of(2, 0), LocalTime.of(5, 0), ZoneId.of("UTC"))));
        census = new Census(release, PATIENCE, NOW);
        is("online");
        census.time(AFTER);
        assertEquals(WORKS, census.count(100, AFTER));
        Instant opens = Instant.parse("2026-11-02T02:00:00Z");
        census.time(opens);
        assertEquals(WORKS, census.count(100, opens.plus(PATIENCE)));
        assertEquals(LATE, census.count(100, opens.plus(PATIENCE).plusSeconds(1)));
    }

    @Test
    void countsWhatRunsAsAppliedWhicheverDocumentBroughtIt() {
        is("online");
        reports("applied", Map.of("version", "V2", "sequence", 2, "desired", Map.of()));
        assertEquals(APPLIED, census.count(100, NOW));
        assertEquals(Optional.of(NOW), census.lastEnd(100));
    }

    @Test
    void takesACancelledOneForNoFailure() {
        is("online");
        reports("refused", Map.of("problem", Map.of("type", "cancelled")));
        assertEquals(LATE, census.count(100, NOW));
        assertEquals(1, census.cancelled(0, 100).size());
        assertEquals(0, census.cancelled(100, 100).size());
        assertEquals(0, census.goingOn(100, NOW).size());
    }

    @Test
    void leavesOutOneOfWhichANarrowerScopeWantsSomethingElse() {
        is("online");
        Map<String, String> both =
                Map.of(release.topic(), release.at(50).digest(), ONE + "/desired/firmware", "0".repeat(64));
        reports("rolled-back", Map.of("desired", both));
        assertEquals(NOBODY, census.count(100, NOW));
        Map<String, String> wider =
                Map.of(release.topic(), release.at(50).digest(), "dwr/desired/firmware", "0".repeat(64));
        reports("rolled-back", Map.of("desired", wider));
        assertEquals(FAILED, census.count(100, NOW));
    }

    @Test
    void saysOnceThatItDoesNotUnderstandADevice() {
        is("online");
        Message strange = Message.json(ONE + "/reported/firmware", "[".getBytes(StandardCharsets.UTF_8));
        assertThrows(BadArgument.class, () -> census.take(strange, false, NOW));
        assertEquals(Optional.empty(), census.take(strange, false, NOW));
        assertEquals(WORKS, census.count(100, NOW));
    }
}
