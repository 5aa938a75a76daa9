package io.gatehouse.launcher;

import static io.gatehouse.launcher.RunningGateway.document;
import static io.gatehouse.software.ChangeWatcher.Step.APPLY;
import static io.gatehouse.software.ChangeWatcher.Step.COMMIT;
import static io.gatehouse.software.ChangeWatcher.Step.PROVE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Throwing;
import io.gatehouse.software.ChangeWatcher;
import io.gatehouse.software.Document;
import io.gatehouse.software.Follower;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import io.gatehouse.software.Verdict;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ChangeTest extends ChangingGateway {
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
}
