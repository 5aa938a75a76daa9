package io.gatehouse.launcher;

import static io.gatehouse.launcher.RunningGateway.document;
import static io.gatehouse.software.ChangeWatcher.Step.APPLY;
import static io.gatehouse.software.ChangeWatcher.Step.PROVE;
import static io.gatehouse.software.ChangeWatcher.Step.PUT_BACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Complaining;
import io.gatehouse.launcher.activators.Throwing;
import io.gatehouse.launcher.activators.Waiting;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Document;
import io.gatehouse.software.Follower;
import io.gatehouse.software.Part;
import io.gatehouse.software.Proof;
import io.gatehouse.software.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.osgi.framework.ServiceRegistration;

class PutBackTest extends ChangingGateway {
    @Test
    void putsBackWhenAnActivatorThrows() throws Exception {
        Part one = artifact("a", "1.0.0", "one");
        gateway.change(one);
        Part broken = Jar.bundle("a", "2.0.0").activator(Throwing.class).artifact(home.state());
        Part more = artifact("b", "1.0.0", "more");
        Verdict verdict = gateway.change(more, broken);
        assertEquals(Verdict.State.ROLLED_BACK, verdict.state());
        assertEquals("start-failed", verdict.type());
        assertTrue(verdict.detail().contains("a 2.0.0"), verdict.detail());
        assertTrue(verdict.detail().contains("no such modem"), verdict.detail());
        assertEquals(List.of(APPLY, PUT_BACK), gateway.steps());
        assertEquals("a=one image=image user=user", gateway.words());
        assertEquals("absent", gateway.state("b"));
        assertEquals(Optional.of(verdict), gateway.software().verdict());
        assertEquals(document(one), gateway.software().document());
        assertEquals(document(one), committed().orElseThrow().document());
    }

    @Test
    void putsBackWhenABundleDoesNotResolve() throws Exception {
        Part broken =
                Jar.bundle("a", "2.0.0").header("Import-Package", "no.such").artifact(home.state());
        Verdict verdict = gateway.change(broken);
        assertEquals("unresolved", verdict.type());
        assertTrue(verdict.detail().contains("no.such"), verdict.detail());
        assertEquals("absent", gateway.state("a"));
    }

    @Test
    void putsBackWhenWhatARestartedBundleNeedsIsGone() throws Exception {
        Part library = Jar.bundle("library", "2.0.0").artifact(home.state());
        Verdict verdict = gateway.change(library);
        assertEquals("unresolved", verdict.type());
        assertEquals("active 1.0.0", gateway.state("library"));
        assertEquals("image=image user=user", gateway.words());
    }

    @Test
    void putsBackAStartThatEndsWhenItIsInterrupted() throws Exception {
        Part waiting = Jar.bundle("a", "1.0.0").activator(Waiting.class).artifact(home.state());
        Verdict verdict = gateway.change(document(waiting), SHORT);
        assertEquals(Verdict.State.ROLLED_BACK, verdict.state());
        assertEquals("start-hung", verdict.type());
        assertTrue(verdict.detail().contains("starting a 1.0.0"), verdict.detail());
        assertEquals("absent", gateway.state("a"));
        assertTrue(gateway.isRunning());
    }

    @Test
    void putsBackWhatAProofComplainsOf() throws Exception {
        gateway.change(
                Jar.bundle("p", "1.0.0").activator(Complaining.class).word("").artifact(home.state()));
        Part worse = Jar.bundle("p", "1.1.0")
                .activator(Complaining.class)
                .word("new trouble")
                .artifact(home.state());
        Verdict verdict = gateway.change(document(worse), SHORT);
        assertEquals("unproven", verdict.type());
        assertEquals("new trouble", verdict.detail());
        assertEquals(List.of(APPLY, PROVE, PUT_BACK), gateway.steps());
        assertEquals("active 1.0.0", gateway.state("p"));
    }

    @Test
    void doesNotWaitForItsDeadlineWhereTroubleStaysTheSame() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        proof("mine", touched -> asked.incrementAndGet() == 1 ? List.of() : List.of(Complaint.of("no modem")));
        Verdict verdict = gateway.change(document(artifact("a", "1.0.0", "ah")), Duration.ofSeconds(30));
        assertEquals("unproven", verdict.type());
        assertEquals("no modem", verdict.detail());
        assertTrue(
                verdict.took().compareTo(Duration.ofSeconds(20)) < 0,
                "it waited for as long as a change may go forward");
    }

    @Test
    void waitsForWhatMayPassUntilItDoes() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Deadline passes = Deadline.in(Duration.ofSeconds(6));
        proof(
                "mine",
                touched -> asked.incrementAndGet() == 1 || passes.hasPassed()
                        ? List.of()
                        : List.of(Complaint.passing("warming up")));
        assertEquals(
                Verdict.State.APPLIED,
                gateway.change(document(artifact("a", "1.0.0", "ah")), Duration.ofSeconds(18))
                        .state(),
                "the same words for longer than the patience with what stays");
    }

    @Test
    void bearsTroubleThatWasThereBefore() throws Exception {
        proof("mine", touched -> List.of(Complaint.of("old trouble")));
        assertEquals(
                Verdict.State.APPLIED,
                gateway.change(artifact("a", "1.0.0", "ah")).state());
    }

    @Test
    void putsBackWhenAProofVanishes() throws Exception {
        gateway.change(
                Jar.bundle("p", "1.0.0").activator(Complaining.class).word("").artifact(home.state()));
        Verdict verdict = gateway.change(document(artifact("p", "1.1.0", "no proof at all")), SHORT);
        assertEquals("proof-missing", verdict.type());
        assertTrue(verdict.detail().contains("test"), verdict.detail());
        assertEquals("active 1.0.0", gateway.state("p"));
    }

    @Test
    void waitsForTroubleToPassAndCatchesTroubleThatComesLate() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ServiceRegistration<Proof> passing =
                proof("mine", touched -> asked.incrementAndGet() == 2 ? List.of(Complaint.of("not yet")) : List.of());
        assertEquals(
                Verdict.State.APPLIED,
                gateway.change(artifact("a", "1.0.0", "ah")).state());
        passing.unregister();
        AtomicInteger later = new AtomicInteger();
        proof("mine", touched -> later.incrementAndGet() > 2 ? List.of(Complaint.of("too late")) : List.of());
        assertEquals(
                "too late",
                gateway.change(document(artifact("a", "1.0.1", "ah")), SHORT).detail());
    }

    @Test
    void aProofThatDoesNotReturnIsPutBackInPlace() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        proof("mine", touched -> {
            if (asked.incrementAndGet() > 1) {
                awaitWhateverHappens(never);
            }
            return List.of();
        });
        Verdict verdict = gateway.change(document(artifact("a", "1.0.0", "ah")), Duration.ofSeconds(4));
        never.countDown();
        assertEquals("proof-hung", verdict.type());
        assertEquals("absent", gateway.state("a"));
        assertTrue(gateway.isRunning());
    }

    @Test
    void whatAProofSaidBeforeTimeRanOutIsTheReason() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        proof("mine", touched -> switch (asked.incrementAndGet()) {
            case 1 -> List.of();
            case 2 -> List.of(Complaint.passing("no message came back"));
            default -> {
                new CountDownLatch(1).await();
                yield List.of();
            }
        });
        Verdict verdict = gateway.change(document(artifact("a", "1.0.0", "ah")), Duration.ofSeconds(4));
        assertEquals("unproven", verdict.type());
        assertEquals("no message came back", verdict.detail());
        assertEquals("absent", gateway.state("a"));
    }

    @Test
    void refusesAMissingOrBentArtifactAndTouchesNothing() throws Exception {
        Part missing = new Part("t:t:1", "a", "1.0.0", "0".repeat(64), 10);
        Verdict verdict = gateway.change(missing);
        assertEquals("artifact-missing", verdict.type());
        assertEquals(List.of(), gateway.steps());
        Part bent = artifact("a", "1.0.0", "ah");
        Path file = home.state().resolve("artifacts").resolve(bent.sha256());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2]++;
        Files.write(file, bytes);
        assertEquals("artifact-corrupt", gateway.change(bent).type());
    }

    @Test
    void refusesABundleOfAnotherNameAndOneThatExtendsTheFramework() throws Exception {
        Part other = artifact("b", "1.0.0", "beh");
        Part claimed = new Part("t:t:1", "a", "1.0.0", other.sha256(), other.size());
        assertEquals("wrong-bundle", gateway.change(claimed).type());
        assertEquals("absent", gateway.state("b"));
        Part extension = Jar.bundle("x", "1.0.0")
                .header("Fragment-Host", "system.bundle; extension:=framework")
                .artifact(home.state());
        assertEquals("unsupported", gateway.change(extension).type());
    }

    @Test
    void putsBackWhatAFollowerCannotFollow() throws Exception {
        gateway.context()
                .registerService(
                        Follower.class,
                        document -> {
                            if (!document.equals(Document.FACTORY)) {
                                throw new IllegalArgumentException("no such setting");
                            }
                        },
                        null);
        Verdict verdict = gateway.change(artifact("a", "1.0.0", "ah"));
        assertEquals("follow-failed", verdict.type());
        assertTrue(verdict.detail().contains("no such setting"), verdict.detail());
        assertEquals("absent", gateway.state("a"));
    }

    @Test
    void aStateThatTakesNothingChangesNothing() throws Exception {
        Files.createDirectory(home.state().resolve("attempt.json.new"));
        Verdict verdict = gateway.change(artifact("a", "1.0.0", "ah"));
        assertEquals("state-unwritable", verdict.type());
        assertEquals("absent", gateway.state("a"));
    }

    @Test
    void aCommitThatFailsIsPutBack() throws Exception {
        Files.createDirectory(home.state().resolve("current.json.new"));
        Verdict verdict = gateway.change(artifact("a", "1.0.0", "ah"));
        assertEquals("commit-failed", verdict.type());
        assertEquals("absent", gateway.state("a"));
        assertEquals(Optional.empty(), committed());
    }

    private static void awaitWhateverHappens(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // as code does that means no harm
            }
        }
    }
}
