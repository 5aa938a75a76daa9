package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine that cannot go back. */
class SingleSlotTest extends Rigged {
    @BeforeEach
    void cannotGoBack() {
        rig.machine.canFallBack = false;
    }

    @Test
    void provesItselfToo() throws Exception {
        rig.want(V2, Map.of("withoutFallback", true));
        rig.start();
        rig.restart();
        rig.awaitState("applied");
        assertEquals("2.0", rig.fleet.last().get("slot"));
        assertTrue(rig.rests.contains(Duration.ofMinutes(1)), "an engine that restarts by itself was disturbed");
    }

    @Test
    void staysWithWhatIsNotProvenAndSaysSo() throws Exception {
        rig.want(V2, Map.of("withoutFallback", true));
        rig.start();
        rig.awaitDown();
        rig.stop();
        rig.machine.restart();
        rig.slots.are(FakeSlots.UNWELL);
        rig.start();
        rig.endTrial();
        rig.awaitState("failed unproven");
        assertTrue(rig.fleet.detail().contains("io.example.app is not satisfied"), rig.fleet.detail());
        assertEquals(Optional.empty(), rig.gateway.reason(), "the next start helps");
        assertTrue(rig.fleet.detail().endsWith("this machine cannot go back by itself"), rig.fleet.detail());
        assertFalse(rig.fleet.wasTold("applied"));
        assertFalse(rig.machine.story.contains("bad"));
        rig.fleet.reports.clear();
        rig.want(V2, Map.of("withoutFallback", true, "url", "https://example.com/2"));
        rig.endTrial();
        rig.awaitState("failed unproven");
        assertFalse(rig.fleet.wasTold("applied"), "another document of the same version proves nothing");
        rig.want();
        await().until(() -> Map.of().equals(rig.fleet.last().get("desired")));
        assertEquals("failed unproven", rig.fleet.state(), "who wants nothing proves nothing");
        rig.slots.are(FakeSlots.WELL);
        rig.gateway.retry(Optional.empty());
        rig.awaitState("applied");
    }
}
