package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What was activated, and the machine was not started again. */
class SecondRestartTest extends Rigged {
    @Test
    void whatWasActivatedInThisBootOfTheKernelIsRestartedAgain() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.stop().start();
        rig.awaitDown();
        assertEquals(List.of("activate", "activate"), rig.machine.story.subList(3, 5));
        assertEquals(1, installations());
        rig.restart();
        rig.awaitState("applied");
    }

    @Test
    void waitsForTheGoAheadAsTheFirstRestartDoes() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.minds = Optional.of("a tunnel is open");
        rig.stop().start();
        rig.awaitState("waiting inhibited");
        assertFalse(rig.isDown());
        assertEquals(1, rig.machine.story.stream().filter("activate"::equals).count());
        rig.slots.are(new Health(Map.of("path", Set.of(Complaint.passing("no message by 12:00"))), Set.of()));
        rig.minds = Optional.empty();
        rig.awaitState("waiting unreachable");
        rig.slots.are(FakeSlots.WELL);
        rig.restart();
        rig.awaitState("applied");
    }

    @Test
    void waitsForTheWindowAsTheFirstRestartDoes() throws Exception {
        rig.now = Instant.parse("2026-12-02T04:59:59Z");
        rig.want(V2, Map.of("window", Map.of("from", "02:00", "to", "05:00", "zone", "UTC")));
        rig.start();
        rig.awaitDown();
        rig.now = Instant.parse("2026-12-02T05:00:00Z");
        rig.stop().start();
        rig.awaitState("waiting window");
        assertFalse(rig.isDown());
        rig.now = Instant.parse("2026-12-03T02:00:00Z");
        rig.awaitDown();
    }

    @Test
    void restartsThatDidNotComeAreNoFailureOfTheNewSystem() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        for (int i = 0; i < 6; i++) {
            rig.stop().start();
            rig.awaitDown();
        }
        rig.restart();
        rig.awaitState("applied");
        assertEquals("2.0", rig.fleet.last().get("version"));
    }

    @Test
    void whereTheEngineRefusesItNowTheNewerWishIsLookedAt() throws Exception {
        IOException locked = new IOException("the boot loader's environment is locked");
        rig.machine.activationFails = Optional.of(locked);
        rig.minds = Optional.of("a tunnel is open");
        rig.want(V2);
        rig.start();
        rig.awaitState("waiting inhibited");
        rig.machine.markingFails = Optional.of(locked);
        rig.minds = Optional.empty();
        await().until(() -> rig.machine.last().equals("told failed")); // it may have been activated: that goes first
        rig.want(V3);
        await().until(() ->
                rig.machine.story.stream().filter("activate"::equals).count() > 3);

        rig.machine.activationRefused = Optional.of("2.0");
        rig.machine.activationFails = Optional.empty();
        rig.machine.markingFails = Optional.empty();

        rig.awaitDown();
        assertTrue(rig.machine.story.contains("install 3.0"), () -> "" + rig.machine.story);
    }

    @Test
    void whatTheEngineRefusesNowIsTold() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.machine.activationRefused = Optional.of("2.0");
        rig.stop().start();
        rig.awaitState("refused not-now");
        await().until(() -> rig.ownImages().isEmpty());
        assertEquals("good", lastOfTheEngine());
        assertEquals(Optional.empty(), rig.gateway.reason());
    }

    private String lastOfTheEngine() {
        List<String> asked = rig.machine.story.stream()
                .filter(words -> !words.startsWith("told"))
                .toList();
        return asked.get(asked.size() - 1);
    }

    private long installations() {
        return rig.machine.story.stream().filter("install 2.0"::equals).count();
    }
}
