package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What comes of a firmware that is under way when something else is wanted, or the same by another document. */
class SupersedingTest extends Rigged {
    @Test
    void newerWishSupersedesAFetch() throws Exception {
        rig.artifacts.fetching = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        rig.awaitState("applying fetch");
        await().until(() -> rig.ownImages().size() == 1);
        rig.artifacts.fetching = Optional.empty();
        rig.want(V3);
        rig.awaitDown();
        assertFalse(rig.machine.story.contains("install 2.0"));
        assertEquals(List.of(rig.artifacts.fetched.get(0).sha256().hex()), rig.ownImages());
    }

    @Test
    void newerWishSupersedesAnInstallationThatMindsARebootMeanwhile() throws Exception {
        rig.machine.installing = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        await().until(() -> rig.machine.story.contains("install 2.0"));
        assertEquals(Optional.of("firmware 2.0 is being written"), rig.gateway.reason());
        rig.machine.installing = Optional.empty();
        rig.want(V3);
        rig.awaitDown();
        assertTrue(rig.machine.story.contains("install 3.0"));
        rig.restart();
        rig.awaitState("applied");
        assertEquals("3.0", rig.fleet.last().get("version"));
        assertEquals(Optional.empty(), rig.gateway.reason());
    }

    @Test
    void newerWishWaitsUntilTheTrialEnded() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.slots.are(FakeSlots.UNWELL);
        rig.restart();
        rig.awaitState("applying prove");
        rig.want(V3);
        rig.awaitLooks(5);
        assertEquals("restart", rig.machine.last());
        assertEquals("applying prove", rig.fleet.state());
        rig.slots.are(FakeSlots.WELL);
        rig.awaitDown();
        List<String> story = rig.machine.story;
        assertTrue(story.indexOf("install 3.0") > story.lastIndexOf("good"), () -> "" + story);
        rig.restart();
        rig.awaitState("applied");
        assertEquals("3.0", rig.fleet.last().get("version"));
    }

    @Test
    void rolloutThatWidensIsNoNewsToWhoRolledBack() throws Exception {
        rig.want("2.0 200 panics");
        rig.start();
        rig.restart();
        rig.awaitState("rolled-back panic");
        Desired before = rig.document("2.0 200 panics", Map.of());

        rig.want(asIn("wider", before));

        await().until(() ->
                Map.of(before.topic(), "wider").equals(rig.fleet.last().get("desired")));
        assertEquals("rolled-back panic", rig.fleet.state());
        assertEquals(1, installations());
    }

    @Test
    void documentThatSaysTheSameAgainAfterAFailureHasItTriedAtOnce() throws Exception {
        rig.isBackingOff = true;
        rig.artifacts.failure = "unreachable";
        Desired first = rig.document(V2, Map.of());
        rig.want(first);
        rig.start();
        rig.awaitState("failed unreachable");
        rig.artifacts.failure = "";

        rig.want(asIn("again", first));

        rig.awaitDown();
    }

    @Test
    void rolloutThatWidensStopsNeitherAFetchNorAnInstallationOfJustThat() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        rig.artifacts.fetching = Optional.of(came);
        rig.machine.installing = Optional.of(written);
        Desired first = rig.document(V2, Map.of());
        rig.want(first);
        rig.start();
        await().until(() -> rig.ownImages().size() == 1);

        rig.want(asIn("half of them", first));

        awaitTold("half of them");
        came.countDown();
        await().until(() -> installations() == 1);

        rig.want(asIn("wider", first));

        awaitTold("wider");
        assertEquals("applying install", rig.fleet.state());
        written.countDown();
        rig.awaitDown();
        assertEquals(1, rig.artifacts.begun.size());
        assertEquals(1, installations());
        rig.restart();
        rig.awaitState("applied");
        assertEquals(Map.of(Rig.TOPIC, "wider"), rig.fleet.last().get("desired"));
    }

    @Test
    void rolloutThatWidensDuringATrialIsWhatItsReportsAreOf() throws Exception {
        Desired first = rig.document(V2, Map.of());
        rig.want(first);
        rig.start();
        rig.awaitDown();
        rig.slots.are(FakeSlots.UNWELL);
        rig.restart();
        rig.awaitState("applying prove");

        rig.want(asIn("wider", first));

        awaitTold("wider");
        assertEquals("applying prove", rig.fleet.state());
        rig.slots.are(FakeSlots.WELL);
        rig.awaitState("applied");
        assertEquals(Map.of(Rig.TOPIC, "wider"), rig.fleet.last().get("desired"));
    }

    @Test
    void whatWasInstalledIsTakenBackBeforeAnythingElseIsFetched() throws Exception {
        rig.machine.startsWhatItInstalls = true;
        installedAndWaiting();
        rig.artifacts.fetching = Optional.of(new CountDownLatch(1));
        rig.want(V3);
        awaitTold(rig.wanted.get(0).digest());
        rig.minds = Optional.empty();
        await().until(() -> rig.artifacts.begun.size() == 2);

        rig.stop();
        rig.machine.restart();

        assertEquals("A", rig.machine.runningSlot());
    }

    @Test
    void whatIsCancelledMustProveItselfWhereThePowerIsCutBeforeItIsTakenBack() throws Exception {
        rig.machine.startsWhatItInstalls = true;
        installedAndWaiting();
        rig.machine.markingFails = Optional.of(new IOException("the boot loader's environment is locked"));
        assertEquals(Outcome.done(Map.of()), rig.gateway.cancel(Optional.empty()));
        rig.awaitState("failed engine-failed");

        rig.stop();
        rig.machine.markingFails = Optional.empty();
        rig.minds = Optional.empty();
        rig.machine.restart();
        assertEquals("B", rig.machine.runningSlot());
        rig.slots.are(FakeSlots.UNWELL);
        rig.start();
        rig.endTrial();

        rig.awaitDown();
        assertEquals("bad", rig.machine.last());
    }

    @Test
    void whatIsCancelledIsTakenBackOnceTheEngineCan() throws Exception {
        rig.machine.startsWhatItInstalls = true;
        installedAndWaiting();
        rig.machine.markingFails = Optional.of(new IOException("the boot loader's environment is locked"));
        rig.gateway.cancel(Optional.empty());
        rig.awaitState("failed engine-failed");
        rig.machine.markingFails = Optional.empty();
        rig.awaitState("refused cancelled");
        rig.stop();
        rig.machine.restart();
        assertEquals("A", rig.machine.runningSlot());
    }

    /** The same is wanted by another document, as of more devices. */
    private static Desired asIn(String digest, Desired document) {
        return new Desired(
                document.topic(), document.breadth(), Optional.empty(), document.spec(), digest, Optional.empty());
    }

    private void awaitTold(String digest) {
        await().until(() -> Map.of(Rig.TOPIC, digest).equals(rig.fleet.last().get("desired")));
    }

    private void installedAndWaiting() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        rig.machine.installing = Optional.of(written);
        rig.want(V2);
        rig.start();
        await().until(() -> installations() == 1);
        rig.minds = Optional.of("a tunnel is open");
        written.countDown();
        rig.awaitState("waiting inhibited");
        rig.machine.installing = Optional.empty();
    }

    private long installations() {
        return rig.machine.story.stream().filter("install 2.0"::equals).count();
    }
}
