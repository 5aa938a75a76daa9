package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TakingTest extends Rigged {
    @Test
    void installsItRestartsAndTellsSuccessOnlyAfterTheEngineKeepsIt() throws Exception {
        rig.start();
        rig.awaitState("applied");
        rig.want(V2);
        rig.restart();
        rig.awaitState("applied");
        assertEquals(
                List.of("good", "told applied", "check", "install 2.0", "activate", "restart", "good", "told applied"),
                rig.machine.story);
        Map<String, ?> applied = rig.fleet.last();
        assertEquals("2.0", applied.get("version"));
        assertEquals(200L, applied.get("sequence"));
        assertEquals("B", applied.get("slot"));
        assertEquals("ab", applied.get("engine"));
        assertEquals(AbMachine.COMPATIBLE, applied.get("compatible"));
        assertEquals(Map.of(Rig.TOPIC, rig.wanted.get(0).digest()), applied.get("desired"));
        assertEquals(List.of(), rig.ownImages());
    }

    @Test
    void tellsEachStep() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        assertEquals(
                List.of("fetch", "check", "install", "restart"),
                rig.fleet.reports.stream()
                        .map(report -> report.get("step"))
                        .distinct()
                        .toList());
        assertEquals("1.0", rig.fleet.last().get("version"));
    }

    @Test
    void looksIntoWhatRunsForWhatItWouldFetchAndTellsHowMuchWasThere() throws Exception {
        Map<String, Object> chunks = Map.of("sha256", "c".repeat(64), "size", 36);
        rig.want(V2, Map.of("chunks", chunks));
        rig.start();
        rig.awaitDown();
        assertEquals(
                List.of(new Artifacts.Delta(
                        new Artifact(new Sha256("c".repeat(64)), 36, Optional.empty()),
                        List.of(rig.machine.root.resolve("slot-a")))),
                rig.artifacts.deltas);
        assertEquals(2L, rig.fleet.last().get("reused"));
        assertEquals("restart", rig.fleet.last().get("step"));
    }

    @Test
    void fetchesAllWhereTheEngineDoesNotSayWhereWhatRunsIs() throws Exception {
        rig.machine.seedsFail = Optional.of(new IOException("no bus"));
        rig.want(V2, Map.of("chunks", Map.of("sha256", "c".repeat(64), "size", 36)));
        rig.start();
        rig.awaitDown();
        assertEquals(List.of(), rig.artifacts.deltas.get(0).seeds());
        assertFalse(rig.fleet.last().containsKey("reused"));
    }

    @Test
    void whatRunsByVersionAndSequenceIsNotInstalledAgain() throws Exception {
        rig.want("1.0 100 well");
        rig.start();
        rig.awaitState("applied");
        assertEquals(List.of("good", "told applied"), rig.machine.story);
        assertEquals(List.of(), rig.artifacts.fetched);
    }

    @Test
    void whatWasAppliedIsNotMetWhereTheMachineSaysThatItRunsSomethingElse() throws Exception {
        rig.want(V2);
        rig.start();
        rig.restart();
        rig.awaitState("applied");
        rig.stop();
        rig.machine.write("etc/os-release", "VERSION_ID=1.5\nGATEHOUSE_FIRMWARE_SEQUENCE=150\n");
        rig.start();
        rig.awaitDown();
        assertEquals(2, rig.machine.story.stream().filter("install 2.0"::equals).count());
    }

    @Test
    void wishThatIsRemovedChangesNothingButTheReport() throws Exception {
        rig.start().want(V2);
        rig.restart();
        rig.awaitState("applied");
        rig.want();
        await().until(() -> Map.of().equals(rig.fleet.last().get("desired")));
        assertEquals("applied", rig.fleet.state());
        assertEquals("2.0", rig.fleet.last().get("version"));
        assertEquals("told applied", rig.machine.story.get(rig.machine.story.size() - 1));
    }

    @Test
    void narrowestScopeWins() throws Exception {
        Desired wide = rig.document(V3, Map.of());
        Desired narrow = rig.document(V2, Map.of());
        rig.want(
                new Desired("dwr/desired/firmware", 0, Optional.empty(), wide.spec(), "wide", Optional.empty()),
                new Desired(
                        "dwr/311-a1/x/desired/firmware", 2, Optional.empty(), narrow.spec(), "n", Optional.empty()));
        rig.start();
        rig.awaitDown();
        assertTrue(rig.machine.story.contains("install 2.0"), () -> "" + rig.machine.story);
        assertEquals(
                Map.of("dwr/desired/firmware", "wide", "dwr/311-a1/x/desired/firmware", "n"),
                rig.fleet.last().get("desired"));
    }

    @Test
    void refusesBeforeAByteIsFetched() throws Exception {
        rig.start();
        rig.want(V2, Map.of("compatible", "another-machine"));
        rig.awaitState("refused wrong-compatible");
        assertEquals("it is for another-machine, and this machine is dwr-311-a1", rig.fleet.detail());
        rig.want("0.9 90 well");
        rig.awaitState("refused downgrade");
        rig.want(V2, Map.of("sha256", "none"));
        rig.awaitState("refused bad-firmware");
        assertTrue(rig.fleet.detail().startsWith(Rig.TOPIC + ": spec.sha256"), rig.fleet.detail());
        rig.machine.canFallBack = false;
        rig.want(V2);
        rig.awaitState("refused no-fallback");
        rig.gateway.removeEngine(rig.machine);
        rig.awaitState("refused no-engine");
        assertEquals(List.of(), rig.artifacts.fetched);
    }

    @Test
    void takesALowerOneWhereThatIsAllowed() throws Exception {
        rig.want("0.9 90 well", Map.of("allowDowngrade", true));
        rig.start();
        rig.restart();
        rig.awaitState("applied");
        assertEquals("0.9", rig.fleet.last().get("version"));
    }

    @Test
    void engineThatComesLaterIsUsed() throws Exception {
        rig.hasEngine = false;
        rig.want(V2);
        rig.start();
        rig.awaitState("refused no-engine");
        rig.gateway.addEngine(rig.machine, Map.of("gatehouse.engine", "ab"));
        rig.awaitDown();
    }

    @Test
    void whatTheEngineRefusesIsNotFetchedAgainEvenByAnotherProcess() throws Exception {
        rig.want("2.0 200 forged");
        rig.start();
        rig.awaitState("refused bad-signature");
        assertEquals("nobody knows who signed it", rig.fleet.detail());
        await().until(() -> rig.ownImages().isEmpty());
        rig.fleet.reports.clear();
        rig.stop().start();
        rig.awaitState("refused bad-signature");
        assertEquals(1, rig.artifacts.fetched.size());
        rig.want(V3);
        rig.awaitDown();
    }

    @Test
    void imageWithAnotherDigestIsRefusedAndNoAnswerIsTriedAgain() throws Exception {
        rig.artifacts.failure = "wrong-digest";
        rig.want(V2);
        rig.start();
        rig.awaitState("refused wrong-digest");
        rig.artifacts.failure = "unreachable";
        assertEquals(Outcome.done(Map.of()), rig.gateway.retry(Optional.empty()));
        await().until(() -> rig.fleet.reports.stream()
                        .filter(report -> report.containsKey("next"))
                        .count()
                >= 3);
        Map<String, ?> failed = rig.fleet.reports.stream()
                .filter(report -> report.containsKey("next"))
                .findFirst()
                .orElseThrow();
        assertEquals("failed", failed.get("state"));
        Instant next = Instant.parse(String.valueOf(failed.get("next")));
        Duration after = Duration.between(rig.now, next);
        assertTrue(after.compareTo(Duration.ofSeconds(45)) >= 0 && after.compareTo(Duration.ofSeconds(60)) <= 0);
        assertTrue(rig.rests.stream().anyMatch(rest -> rest.compareTo(Duration.ofSeconds(90)) >= 0), "no doubling");
        rig.artifacts.failure = "";
        rig.awaitDown();
    }

    @Test
    void engineThatFailsIsAskedAgain() throws Exception {
        rig.machine.silence = Optional.of(new IOException("no answer"));
        rig.want(V2);
        rig.start();
        await().until(() -> rig.fleet.wasTold("failed"));
        assertEquals("failed engine-failed", rig.fleet.state());
        rig.machine.silence = Optional.empty();
        rig.awaitDown();
    }

    @Test
    void activationThatFailsIsDoneAgainWithoutInstallingAgain() throws Exception {
        rig.machine.activationFails = Optional.of(new IOException("the boot loader's environment is locked"));
        rig.want(V2);
        rig.start();
        await().until(() -> rig.fleet.wasTold("failed"));
        rig.machine.activationFails = Optional.empty();
        rig.awaitDown();
        assertEquals(1, rig.machine.story.stream().filter("install 2.0"::equals).count());
    }

    @Test
    void whatIsRefusedLeavesNoImage() throws Exception {
        rig.minds = Optional.of("a tunnel is open");
        rig.artifacts.fetching = Optional.of(new CountDownLatch(1));
        rig.want(V2);
        rig.start();
        rig.minds = Optional.empty();
        await().until(() -> rig.ownImages().size() == 1);
        rig.want(V2, Map.of("compatible", "another-machine"));
        rig.awaitState("refused wrong-compatible");
        assertEquals(List.of(), rig.ownImages());
    }

    @Test
    void imageGoesWhereItsEngineWantsIt() throws Exception {
        Path memory = folder.resolve("memory");
        rig.machine.folder = Optional.of(memory);
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        assertEquals(List.of(rig.artifacts.fetched.get(0).sha256().hex()), rig.images(memory));
        assertEquals(List.of(), rig.ownImages());
        rig.restart();
        rig.awaitState("applied");
        assertEquals(List.of(), rig.images(memory));
    }
}
