package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ContinuationTest extends Rigged {
    @Test
    void powerCutBetweenKeepingAndTellingLeadsToAppliedEvenWhereTheBrokerIsAwayThen() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.machine.marking = Optional.of(new CountDownLatch(1));
        rig.restart();
        await().until(() -> last().equals("good"));
        assertFalse(rig.fleet.wasTold("applied"));
        rig.machine.marking = Optional.empty();
        rig.slots.are(FakeSlots.UNWELL);
        rig.stop();
        rig.machine.restart();
        rig.start();
        rig.awaitState("applied");
        assertEquals("B", rig.machine.runningSlot());
        assertFalse(rig.machine.story.contains("bad"));
    }

    @Test
    void whatIsNotAsWellAsBeforeIsLeftWithItsLastWords() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.stop();
        rig.machine.restart();
        rig.slots.are(FakeSlots.UNWELL);
        rig.start();
        rig.endTrial();
        rig.awaitDown();
        assertEquals("bad", last());
        assertEquals("it went on and on\n", Files.readString(rig.left().resolve("1-gateway.log")));
        rig.slots.are(FakeSlots.WELL);
        rig.restart();
        rig.awaitState("rolled-back unhealthy");
        String words = "not as well as before by the end of PT20S: io.example.app is not satisfied";
        assertEquals(words, rig.fleet.detail());
        assertEquals("1.0", rig.fleet.last().get("version"));
        assertEquals(
                "==> problem <==\nunhealthy: " + words + "\n\n==> 1-gateway.log <==\nit went on and on\n\n==> why <==\n"
                        + words + "\n\n",
                log());
        assertEquals(List.of(), rig.images(rig.left()));
        await().until(() -> rig.ownImages().isEmpty());
        assertFalse(rig.fleet.wasTold("applied"));
    }

    @Test
    void whatWasRolledBackIsTriedAgainOnlyForANewerDocumentOrWhenAskedFor() throws Exception {
        rolledBackByPanic();
        rig.fleet.reports.clear();
        rig.stop().start();
        rig.awaitState("rolled-back panic");
        assertTrue(rig.fleet.last().containsKey("log"));
        assertEquals(1, installations());
        assertEquals(Outcome.done(Map.of()), rig.gateway.retry(Optional.empty()));
        rig.awaitDown();
        assertEquals(2, installations());
        rig.restart();
        rig.awaitState("rolled-back panic");
        rig.want(V2, Map.of("url", "https://example.com/2"));
        rig.restart();
        rig.awaitState("applied");
    }

    @Test
    void panicIsWordOfAFailureAndTheKernelsOwnFilesGoWithTheLog() throws Exception {
        Path pstore = rig.machine.root.resolve("sys/fs/pstore");
        rig.machine.write("sys/fs/pstore/dmesg-ramoops-old", "Panic#1\nKernel panic - not syncing: years ago\n");
        rolledBackByPanic();
        assertEquals("Kernel panic - not syncing: no init", rig.fleet.detail());
        assertTrue(log().contains("<4>[ 2.1] cpu"), this::logOrNone);
        assertFalse(log().contains("years ago"), this::logOrNone);
        await().until(() -> rig.images(pstore).equals(List.of("dmesg-ramoops-old")));
    }

    @Test
    void wordOfAGuardOutsideOfTheGatewayCounts() throws Exception {
        rig.want("2.0 200 dies");
        rig.start();
        rig.awaitDown();
        Files.createDirectories(rig.left());
        Files.writeString(rig.left().resolve("why"), "no gateway came up within 5 min\n");
        Files.writeString(rig.left().resolve("boot.log"), "java: not found\n");
        rig.restart();
        rig.awaitState("rolled-back unhealthy");
        assertEquals("no gateway came up within 5 min", rig.fleet.detail());
        assertTrue(log().contains("==> boot.log <==\njava: not found\n"), this::logOrNone);
        assertEquals(1, installations());
    }

    @Test
    void wordOfAnEarlierTrialCountsForNoOther() throws Exception {
        Files.createDirectories(rig.left());
        Files.writeString(rig.left().resolve("why"), "that was another one\n");
        rig.want("2.0 200 dies");
        rig.start();
        rig.restart();
        rig.awaitDown();
        assertEquals(2, installations());
        assertFalse(rig.fleet.wasTold("rolled-back"));
    }

    @Test
    void withoutAWordItIsTriedThreeTimesInAll() throws Exception {
        rig.want("2.0 200 dies");
        rig.start();
        rig.restart();
        rig.restart();
        rig.awaitDown();
        assertEquals(3, installations());
        assertEquals(1, rig.artifacts.fetched.size());
        assertFalse(rig.fleet.wasTold("rolled-back"));
        rig.restart();
        rig.awaitState("rolled-back unproven");
        assertEquals(3, installations());
        assertTrue(rig.fleet.detail().contains("3 times"), rig.fleet.detail());
    }

    @Test
    void powerCutOnTrialIsNoFailureOfIt() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.slots.are(FakeSlots.UNWELL);
        rig.restart();
        rig.awaitState("applying prove");
        rig.stop();
        rig.machine.restartAsItWas();
        rig.slots.are(FakeSlots.WELL);
        rig.start();
        rig.restart();
        rig.awaitState("applied");
        assertEquals("2.0", rig.fleet.last().get("version"));
    }

    @Test
    void powerCutWhileItIsInstalledBeginsAnewWithWhatWasFetched() throws Exception {
        rig.machine.installing = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        await().until(() -> rig.machine.story.contains("install 2.0"));
        rig.stop();
        rig.machine.installing = Optional.empty();
        rig.machine.restartAsItWas();
        rig.start();
        rig.awaitDown();
        assertEquals(2, installations());
        assertEquals(1, rig.artifacts.fetched.size());
    }

    @Test
    void newSystemOfWhichTheJournalSaysThatItIsInstalledIsOnTrial() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        rig.machine.installing = Optional.of(written);
        rig.want(V2);
        rig.start();
        await().until(() -> rig.machine.story.contains("install 2.0"));
        rig.minds = Optional.of("a tunnel is open");
        written.countDown();
        rig.awaitState("waiting inhibited");
        rig.stop();
        rig.machine.activate();
        rig.machine.restart();
        rig.slots.are(FakeSlots.UNWELL);
        rig.start();
        rig.awaitState("applying prove");
        assertEquals("restart", last());
        rig.slots.are(FakeSlots.WELL);
        rig.awaitState("applied");
        assertEquals("2.0", rig.fleet.last().get("version"));
    }

    @Test
    void trialGoesOnAlsoWhereNobodySaysWhatIsWanted() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.stop();
        rig.machine.restart();
        rig.startUntold();
        await().until(() -> last().equals("good"));
    }

    @Test
    void withoutTheProofOfTheWayToTheBrokerNothingIsProven() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.stop();
        rig.machine.restart();
        rig.slots.are(new Health(Map.of("components", Set.of()), Set.of()));
        rig.start();
        rig.endTrial();
        rig.awaitDown();
        assertEquals("bad", last());
        assertTrue(Files.readString(rig.left().resolve("why")).contains("is gone: path"));
    }

    @Test
    void whatWasWrongBeforeMayBeWrongAfter() throws Exception {
        rig.slots.are(new Health(
                Map.of("path", Set.of(), "health", Set.of(Complaint.of("the disk is nearly full"))), Set.of()));
        rig.want(V2);
        rig.start();
        rig.restart();
        rig.awaitState("applied");
    }

    @Test
    void gatewayThatDoesNotStartIsNotWaitedForForEver() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.stop();
        rig.machine.restart();
        rig.slots.proven = new CountDownLatch(1);
        rig.probation = "PT0.3S";
        rig.start();
        rig.awaitDown();
        assertTrue(Files.readString(rig.left().resolve("why")).contains("the gateway has not started"));
    }

    @Test
    void gatewayThatEndsAgainAndAgainOnTrialIsLeft() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.stop();
        rig.machine.restart();
        rig.slots.are(FakeSlots.UNWELL);
        for (int i = 0; i < 5; i++) {
            rig.fleet.reports.clear();
            rig.start();
            rig.awaitState("applying prove");
            rig.stop();
        }
        rig.start();
        rig.awaitDown();
        assertEquals("bad", last());
        assertTrue(Files.readString(rig.left().resolve("why")).contains("5 times"));
    }

    @Test
    void systemWhoseEngineIsGoneIsLeft() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.hasEngine = false;
        rig.probation = "PT0.3S";
        for (int tries = 3; tries > 0; tries--) {
            rig.restart();
            rig.awaitDown();
            assertEquals("restart", last());
        }
        rig.hasEngine = true;
        rig.restart();
        rig.awaitState("rolled-back unhealthy");
        assertTrue(rig.fleet.detail().startsWith("no engine"), rig.fleet.detail());
    }

    @Test
    void imageThatSaysOfItselfThatItIsAnotherIsLeft() throws Exception {
        rig.want("2.0 200 poses");
        rig.start();
        rig.restart();
        rig.restart();
        rig.awaitState("rolled-back unhealthy");
        assertEquals(
                "the image says of itself that it is 9.0 (900), and the document that it is 2.0 (200)",
                rig.fleet.detail());
    }

    private void rolledBackByPanic() throws Exception {
        rig.want("2.0 200 panics");
        rig.start();
        rig.restart();
        rig.awaitState("rolled-back panic");
    }

    private String last() {
        return rig.machine.last();
    }

    private long installations() {
        return rig.machine.story.stream().filter("install 2.0"::equals).count();
    }

    private String log() throws IOException {
        return rig.fleet.last().get("log") instanceof Map<?, ?> log
                ? rig.artifacts.made(String.valueOf(log.get("sha256")))
                : "none";
    }

    private String logOrNone() {
        try {
            return log();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
