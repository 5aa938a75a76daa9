package io.gatehouse.launcher;

import static io.gatehouse.launcher.RunningGateway.document;
import static io.gatehouse.software.ChangeWatcher.Step.APPLY;
import static io.gatehouse.software.ChangeWatcher.Step.COMMIT;
import static io.gatehouse.software.ChangeWatcher.Step.PROVE;
import static io.gatehouse.software.ChangeWatcher.Step.PUT_BACK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Complaining;
import io.gatehouse.launcher.activators.Speaking;
import io.gatehouse.launcher.activators.Throwing;
import io.gatehouse.launcher.activators.Waiting;
import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.Document;
import io.gatehouse.software.Follower;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import io.gatehouse.software.Proof;
import io.gatehouse.software.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceRegistration;

class ChangeTest {
    private static final Duration SHORT = Duration.ofMillis(1800);

    @TempDir
    private Path folder;

    private Home home;
    private RunningGateway gateway;

    @BeforeEach
    void start() throws Exception {
        home = Home.in(
                folder,
                speaking("image", "1.0.0", "image"),
                Jar.bundle("library", "1.0.0")
                        .header("Export-Package", "lib;version=1.0")
                        .entry("lib/x", "1"),
                speaking("user", "1.0.0", "user").header("Import-Package", "org.osgi.framework,lib"));
        gateway = RunningGateway.start(home.settings());
        await().untilAsserted(() -> assertEquals("image=image user=user", gateway.words()));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static Jar speaking(String name, String version, String word) {
        return Jar.bundle(name, version).activator(Speaking.class).word(word);
    }

    private Part artifact(String name, String version, String word) throws Exception {
        return speaking(name, version, word).artifact(home.state());
    }

    private Optional<Committed> committed() throws Exception {
        gateway.close();
        try (StateFolder state = await().ignoreExceptions().until(() -> StateFolder.open(home.state()), any -> true)) {
            return state.current();
        }
    }

    @Test
    void installsUpdatesAndRemovesLive() throws Exception {
        Part one = artifact("a", "1.0.0", "one");
        Verdict verdict = gateway.change(one);
        assertEquals(Verdict.State.APPLIED, verdict.state());
        assertEquals(document(one).desired(), verdict.desired());
        assertEquals(List.of(APPLY, PROVE, COMMIT), gateway.steps());
        assertEquals("a=one image=image user=user", gateway.words());

        gateway.change(artifact("a", "1.0.1", "two"));
        assertEquals("a=two image=image user=user", gateway.words());
        assertEquals("active 1.0.1", gateway.state("a"));

        gateway.change(artifact("image", "9.0.0", "replaced"));
        assertEquals("image=replaced user=user", gateway.words());
        assertEquals("absent", gateway.state("a"));

        assertEquals(
                Verdict.State.APPLIED, gateway.change(Document.FACTORY, SHORT).state());
        assertEquals("image=image user=user", gateway.words());
    }

    @Test
    void opensTheNewContentEvenOfTheSameVersionSizeAndTime() throws Exception {
        Part one = artifact("a", "1.0.0", "one");
        Part two = artifact("a", "1.0.0", "two");
        assertEquals(one.size(), two.size());
        for (Part part : List.of(one, two)) {
            Files.setLastModifiedTime(
                    home.state().resolve("artifacts").resolve(part.sha256()),
                    java.nio.file.attribute.FileTime.fromMillis(0));
        }
        for (int turn = 0; turn < 3; turn++) {
            gateway.change(one);
            assertEquals("a=one image=image user=user", gateway.words());
            gateway.change(two);
            assertEquals("a=two image=image user=user", gateway.words());
        }
    }

    @Test
    void updatesABundleThatNamesAnotherPlaceToUpdateFrom() throws Exception {
        Part one = speaking("a", "1.0.0", "one")
                .header("Bundle-UpdateLocation", "http://127.0.0.1:1/")
                .artifact(home.state());
        gateway.change(one);
        assertEquals(
                Verdict.State.APPLIED,
                gateway.change(artifact("a", "1.0.1", "two")).state());
        assertEquals("a=two image=image user=user", gateway.words());
    }

    @Test
    void theCommittedDocumentStartsNextTime() throws Exception {
        Part one = artifact("a", "1.0.0", "one");
        gateway.change(one);
        assertEquals(document(one), committed().orElseThrow().document());
        assertFalse(Files.exists(home.state().resolve("attempt.json")));
        gateway = RunningGateway.start(home.settings());
        await().untilAsserted(() -> assertEquals("a=one image=image user=user", gateway.words()));
        assertEquals(
                Verdict.State.APPLIED,
                gateway.software().verdict().orElseThrow().state());
    }

    @Test
    void plansWhatARefreshWouldRestart() throws Exception {
        Part library = Jar.bundle("library", "1.1.0")
                .header("Export-Package", "lib;version=1.1")
                .artifact(home.state());
        Part more = artifact("a", "1.0.0", "ah");
        Plan plan = gateway.software().plan(document(library, more));
        assertEquals(new Plan(List.of(more), List.of(library), List.of(), List.of("user"), List.of()), plan);
        assertEquals(List.of("user"), gateway.change(library, more).restarted());
        assertEquals("a=ah image=image user=user", gateway.words());
        assertEquals("active 1.1.0", gateway.state("library"));
        assertTrue(gateway.software().plan(document(library, more)).changesNoBundle());
    }

    @Test
    void aFragmentReachesItsHostAndLeavesItAgain() throws Exception {
        gateway.bundle("image").orElseThrow();
        Part fragment = Jar.bundle("fragment", "1.0.0")
                .header("Fragment-Host", "image")
                .entry("more.txt", "more")
                .artifact(home.state());
        assertEquals(
                List.of("image"), gateway.software().plan(document(fragment)).restarted());
        assertEquals(Verdict.State.APPLIED, gateway.change(fragment).state());
        assertTrue(gateway.bundle("image").orElseThrow().getResource("more.txt") != null);
        assertEquals(List.of("image"), gateway.change().restarted());
        assertTrue(gateway.bundle("image").orElseThrow().getResource("more.txt") == null);
    }

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
    void bearsTroubleThatWasThereBefore() throws Exception {
        proof("mine", touched -> List.of("old trouble"));
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
                proof("mine", touched -> asked.incrementAndGet() == 2 ? List.of("not yet") : List.of());
        assertEquals(
                Verdict.State.APPLIED,
                gateway.change(artifact("a", "1.0.0", "ah")).state());
        passing.unregister();
        AtomicInteger later = new AtomicInteger();
        proof("mine", touched -> later.incrementAndGet() > 2 ? List.of("too late") : List.of());
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
    void oneChangeAtATime() throws Exception {
        Document target = document(artifact("a", "1.0.0", "ah"));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        proof("mine", touched -> {
            asked.countDown();
            go.await();
            return List.of();
        });
        gateway.software().change(target, Duration.ofSeconds(20));
        assertTrue(asked.await(10, TimeUnit.SECONDS));
        assertThrows(IllegalStateException.class, () -> gateway.software().change(target, Duration.ofSeconds(20)));
        go.countDown();
        assertEquals(Verdict.State.APPLIED, gateway.verdict().state());
    }

    @Test
    void followersFollowThereAndBackAndSeeTheTarget() throws Exception {
        List<Document> followed = new CopyOnWriteArrayList<>();
        AtomicReference<String> atThatTime = new AtomicReference<>("");
        gateway.context()
                .registerService(
                        Follower.class,
                        document -> {
                            assertEquals(document, gateway.software().document());
                            atThatTime.accumulateAndGet(gateway.state("a") + ";", String::concat);
                            followed.add(document);
                        },
                        null);
        Document target = new Document(
                List.of(Jar.bundle("a", "1.0.0").activator(Throwing.class).artifact(home.state())),
                Map.of("pid", Map.of("k", "v")),
                Map.of("t", "d"));
        gateway.change(target, Duration.ofSeconds(6));
        assertEquals(List.of(target, Document.FACTORY), followed);
        assertEquals("in state 2;absent;", atThatTime.get());
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
    void configurationsAloneStopNoBundle() throws Exception {
        long modified = gateway.bundle("image").orElseThrow().getLastModified();
        Document target = new Document(List.of(), Map.of("pid", Map.of("k", "v")), Map.of("t", "d"));
        assertEquals(Verdict.State.APPLIED, gateway.change(target, SHORT).state());
        assertEquals(modified, gateway.bundle("image").orElseThrow().getLastModified());
        assertEquals(target, committed().orElseThrow().document());
    }

    @Test
    void aWatcherThatComesMeanwhileIsToldTheEnd() throws Exception {
        CopyOnWriteArrayList<Verdict> told = new CopyOnWriteArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        proof("mine", touched -> {
            if (asked.incrementAndGet() == 2) {
                gateway.context().registerService(ChangeWatcher.class, late(told), null);
            }
            return List.of();
        });
        Verdict verdict = gateway.change(artifact("a", "1.0.0", "ah"));
        await().untilAsserted(() -> assertEquals(List.of(verdict), told));
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

    private ServiceRegistration<Proof> proof(String name, Proof proof) {
        return gateway.context().registerService(Proof.class, proof, new Hashtable<>(Map.of("gatehouse.proof", name)));
    }

    private static ChangeWatcher late(List<Verdict> told) {
        return new ChangeWatcher() {
            @Override
            public void begins(Step step) {}

            @Override
            public void ended(Verdict verdict) {
                told.add(verdict);
            }
        };
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
