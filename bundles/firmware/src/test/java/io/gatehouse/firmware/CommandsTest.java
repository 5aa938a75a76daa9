package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CommandsTest extends Rigged {
    @Test
    void pauseStopsAFetchAndHoldsOverRestartsUntilItIsResumed() throws Exception {
        rig.artifacts.fetching = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        rig.awaitState("applying fetch");
        assertEquals(Outcome.done(Map.of()), rig.gateway.pause());
        rig.awaitState("waiting paused");
        rig.artifacts.fetching = Optional.empty();
        rig.fleet.reports.clear();
        rig.stop().start();
        rig.awaitState("waiting paused");
        assertEquals(List.of(), rig.artifacts.fetched);
        assertEquals(1, rig.ownImages().size(), "what is here of it is gone on with");
        rig.gateway.resume();
        rig.awaitDown();
    }

    @Test
    void pauseStopsAnInstallation() throws Exception {
        rig.machine.installing = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        await().until(() -> rig.machine.story.contains("install 2.0"));
        rig.gateway.pause();
        rig.awaitState("waiting paused");
        assertEquals(Optional.empty(), rig.gateway.reason());
        assertFalse(rig.machine.story.contains("activate"));
    }

    @Test
    void cancelGivesUpThePresentWishAlsoForLaterProcesses() throws Exception {
        rig.machine.installing = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        await().until(() -> rig.machine.story.contains("install 2.0"));
        assertEquals(Outcome.done(Map.of()), rig.gateway.cancel(Optional.empty()));
        rig.awaitState("refused cancelled");
        await().until(() -> rig.ownImages().isEmpty());
        rig.fleet.reports.clear();
        rig.stop().start();
        rig.awaitState("refused cancelled");
        rig.machine.installing = Optional.empty();
        rig.want("3.0 300 well");
        rig.awaitDown();
        assertTrue(rig.machine.story.contains("install 3.0"));
    }

    @Test
    void whatWasCancelledIsTriedAgainWhenAskedFor() throws Exception {
        rig.minds = Optional.of("a tunnel is open");
        rig.want(V2);
        rig.start();
        rig.awaitState("waiting inhibited");
        rig.gateway.cancel(Optional.empty());
        rig.awaitState("refused cancelled");
        rig.minds = Optional.empty();
        assertEquals(Outcome.done(Map.of()), rig.gateway.retry(Optional.empty()));
        rig.awaitDown();
    }

    @Test
    void whatIsOnTrialCannotBeCancelled() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        assertEquals("on-trial", type(rig.gateway.cancel(Optional.empty())));
        rig.slots.are(FakeSlots.UNWELL);
        rig.restart();
        rig.awaitState("applying prove");
        assertEquals("on-trial", type(rig.gateway.cancel(Optional.empty())));
        assertEquals(Optional.of("firmware 2.0 is on trial"), rig.gateway.reason());
        rig.slots.are(FakeSlots.WELL);
        rig.awaitState("applied");
    }

    @Test
    void whoMayHaveBeenStartedCannotBeCancelledUntilThatIsTakenBack() throws Exception {
        IOException locked = new IOException("the boot loader's environment is locked");
        rig.machine.activationFails = Optional.of(locked);
        rig.minds = Optional.of("a tunnel is open");
        rig.want(V2);
        rig.start();
        rig.awaitState("waiting inhibited");
        rig.machine.silence = Optional.of(locked);
        rig.minds = Optional.empty();
        rig.awaitState("failed engine-failed");
        assertEquals("on-trial", type(rig.gateway.cancel(Optional.empty())));
        await().until(() -> rig.gateway.reason().isEmpty()); // the next start of the machine helps
        rig.machine.silence = Optional.empty();
        rig.stop().start();
        await().until(() -> rig.gateway.reason().isEmpty());
        assertEquals(Outcome.done(Map.of()), rig.gateway.cancel(Optional.empty()));
    }

    @Test
    void commandThatMeansAnotherFirmwareIsRefused() throws Exception {
        rig.minds = Optional.of("a tunnel is open");
        rig.want(V2);
        rig.start();
        rig.awaitState("waiting inhibited");
        assertEquals("other-firmware", type(rig.gateway.cancel(Optional.of(100L))));
        assertEquals(Outcome.done(Map.of()), rig.gateway.cancel(Optional.of(200L)));
        rig.awaitState("refused cancelled");
        assertEquals("other-firmware", type(rig.gateway.retry(Optional.of(100L))));
        assertEquals(Outcome.done(Map.of()), rig.gateway.retry(Optional.of(200L)));
        rig.awaitState("waiting inhibited");
    }

    @Test
    void lateCancelTakesNothingFromWhatIsKnownOfAFirmwareThatWasLeft() throws Exception {
        rig.want("2.0 200 panics");
        rig.start();
        rig.restart();
        rig.awaitState("rolled-back panic");
        assertEquals("nothing-to-cancel", type(rig.gateway.cancel(Optional.of(200L))));
        rig.fleet.reports.clear();
        rig.stop().start();
        rig.awaitState("rolled-back panic");
        assertTrue(rig.fleet.last().containsKey("log"));
    }

    @Test
    void whatIsCancelledTwiceIsCancelled() throws Exception {
        rig.minds = Optional.of("a tunnel is open");
        rig.want(V2);
        rig.start();
        rig.awaitState("waiting inhibited");
        assertEquals(Outcome.done(Map.of()), rig.gateway.cancel(Optional.empty()));
        assertEquals(Outcome.done(Map.of()), rig.gateway.cancel(Optional.empty()));
        rig.awaitState("refused cancelled");
    }

    @Test
    void thereIsNothingToCancelOrToRetryWhereAllIsSo() throws Exception {
        rig.start();
        rig.awaitState("applied");
        assertEquals("nothing-to-cancel", type(rig.gateway.cancel(Optional.empty())));
        assertEquals("nothing-to-retry", type(rig.gateway.retry(Optional.empty())));
        rig.want("1.0 100 well");
        await().until(() -> rig.fleet.reports.size() == 2);
        assertEquals("nothing-to-cancel", type(rig.gateway.cancel(Optional.empty())));
        assertEquals("nothing-to-retry", type(rig.gateway.retry(Optional.empty())));
    }

    private static String type(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused ? refused.problem().type() : String.valueOf(outcome);
    }
}
