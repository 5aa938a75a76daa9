package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the bytes of a change come from, and which are kept. */
@Timeout(30)
class ReconcilerArtifactsTest extends ReconcilerFixture {
    @Test
    void anArtifactThatNobodyServesFailsAndIsToldAsAnEvent() throws Exception {
        Path app = fleet.jars.bundle("acme.app", "1.0.0");
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", app)));
        await().until(() -> fleet.outbox.lastState().equals("failed"));
        assertEquals("unreachable", fleet.outbox.lastProblem());
        assertEquals("failed", fleet.outbox.events.get(0).get("state"));
        fleet.served(app);
        reconciler.retry();
        await().until(() -> fleet.software.changes.size() == 1);
    }

    @Test
    void anArtifactThatHashesToSomethingElseIsRefused() throws Exception {
        fleet.artifacts.failure = "wrong-digest";
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.jars.bundle("acme.app", "1.0.0"))));
        awaitRefused("wrong-digest");
    }

    @Test
    void whatHasNoRoomIsRefusedWithTheBytesThatAreMissing() throws Exception {
        fleet.artifacts.lacking = 999;
        fleet.artifacts.lackingAfterEviction = 12;
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.served("acme.app", "1.0.0"))));
        awaitRefused("no-room");
        assertTrue(fleet.outbox.lastDetail().contains("12 bytes are missing"), fleet.outbox.lastDetail());
    }

    @Test
    void artifactsThatNothingNeedsMakeRoom() throws Exception {
        Path app = fleet.served("acme.app", "1.0.0");
        Part running = fleet.image("acme.running", "1.0.0");
        Part before = fleet.image("acme.before", "1.0.0");
        fleet.software.document = new Document(List.of(running), Map.of(), Map.of());
        fleet.software.previous = Optional.of(new Document(List.of(before), Map.of(), Map.of()));
        fleet.artifacts.lacking = 999;
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", app)));
        await().until(() -> fleet.software.changes.size() == 1);
        assertEquals(
                List.of(Set.of(new Sha256(before.sha256()), new Sha256(running.sha256()))), fleet.artifacts.retained);
        assertEquals(Set.of(Sha256.of(app)), fleet.artifacts.here.keySet());
    }

    @Test
    void whatIsHereAlreadyIsNoRoomForWhatIsMissing() throws Exception {
        Path here = fleet.served("acme.here", "1.0.0");
        Path missing = fleet.served("acme.missing", "1.0.0");
        fleet.artifacts.here.put(Sha256.of(here), here);
        fleet.artifacts.lacking = 999;
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", here, missing)));
        await().until(() -> fleet.software.changes.size() == 1);
        assertEquals(Set.of(Sha256.of(here), Sha256.of(missing)), fleet.artifacts.here.keySet());
    }

    @Test
    void somethingNewerEndsAFetchThatHangs() throws Exception {
        fleet.artifacts.hangs = true;
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", fleet.jars.bundle("acme.app", "1.0.0"))));
        fleet.artifacts.hanging.await();
        reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:2", fleet.served("acme.app", "2.0.0"))));
        await().until(() -> fleet.software.changes.size() == 1);
        assertEquals("2.0.0", fleet.software.changes.get(0).parts().get(0).version());
    }

    @Test
    void keepsTheArtifactsOfWhatRunsAndOfWhatRanBefore() throws Exception {
        Path first = fleet.served("acme.app", "1.0.0");
        Path second = fleet.served("acme.app", "2.0.0");
        Path third = fleet.served("acme.app", "3.0.0");
        for (Path jar : List.of(first, second, third)) {
            int before = fleet.software.changes.size();
            reconciler.desired(Fleet.wanted(TestJars.feature("acme:f:1", jar)));
            await().until(() -> fleet.software.changes.size() == before + 1);
            reconciler.ended(fleet.software.commit());
            await().until(() -> fleet.artifacts.retained.size() == before + 1);
        }
        assertEquals(Set.of(Sha256.of(second), Sha256.of(third)), fleet.artifacts.here.keySet());
    }
}
