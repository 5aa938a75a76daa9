package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Complaining;
import io.gatehouse.launcher.activators.Speaking;
import io.gatehouse.launcher.activators.Throwing;
import io.gatehouse.launcher.activators.Waiting;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Proof;
import io.gatehouse.software.Software;
import io.gatehouse.software.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** From the start of a process to its end; changes are in {@link ChangeTest}. */
class GatewayTest {
    @TempDir
    private Path folder;

    private static Jar speaking(String name, String version, String word) {
        return Jar.bundle(name, version).activator(Speaking.class).word(word);
    }

    @Test
    void startsTheImagesBundlesAndSaysWhatRuns() throws Exception {
        Home home = Home.in(folder, speaking("b", "1.0.0", "beh"), speaking("a", "1.0.0", "ah"));
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            await().untilAsserted(() -> assertEquals("a=ah b=beh", gateway.words()));
            Software software = gateway.software();
            assertEquals(
                    List.of("a", "b"),
                    software.running().stream().map(Part::symbolicName).toList());
            assertEquals(software.factory(), software.running());
            assertEquals(Document.FACTORY, software.document());
            assertTrue(software.verdict().isEmpty());
            String sha256 = software.factory().get(0).sha256();
            assertEquals(sha256, Digests.sha256(software.jar(sha256).orElseThrow()));
            assertTrue(software.jar("0".repeat(64)).isEmpty());
        }
    }

    @Test
    void tellsBundlesWhereTheyAre() throws Exception {
        Home home = Home.in(folder);
        try (RunningGateway gateway =
                RunningGateway.start(home.settings("gatehouse.broker", "tcp://b.example:1883", "felix.x", "y"))) {
            assertEquals("tcp://b.example:1883", gateway.context().getProperty("gatehouse.broker"));
            assertEquals("y", gateway.context().getProperty("felix.x"));
            assertEquals(
                    home.state().resolve("artifacts").toString(),
                    gateway.context().getProperty("gatehouse.artifacts"));
            assertEquals("1.2.3", gateway.context().getProperty("gatehouse.version"));
            assertTrue(gateway.context().getProperty("gatehouse.boot").matches("[0-9a-f]{16}"));
        }
    }

    @Test
    void aFailingBundleOfTheImageKeepsNothingElseFromStarting() throws Exception {
        Home home = Home.in(folder, Jar.bundle("a", "1.0.0").activator(Throwing.class), speaking("b", "1.0.0", "beh"));
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            await().untilAsserted(() -> assertEquals("b=beh", gateway.words()));
            assertEquals("in state 4", gateway.state("a"));
        }
    }

    @Test
    void aBundleOfTheImageThatIsBentKeepsNoChangeFromGoingWell() throws Exception {
        Home home = Home.in(folder, speaking("a", "1.0.0", "ah"));
        Files.write(home.home().resolve("bundles/0.jar"), new byte[10]);
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            Part b = speaking("b", "1.0.0", "beh").artifact(home.state());
            assertEquals(Verdict.State.APPLIED, gateway.change(b).state());
            assertEquals("b=beh", gateway.words());
            Part a = speaking("a", "1.0.1", "mended").artifact(home.state());
            assertEquals(Verdict.State.APPLIED, gateway.change(a).state());
            assertEquals("a=mended", gateway.words());
        }
    }

    @Test
    void whatDidNotRunBeforeNeedNotRunWhenAChangeIsPutBack() throws Exception {
        Home home = Home.in(folder, Jar.bundle("a", "1.0.0").activator(Throwing.class), speaking("b", "1.0.0", "beh"));
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            Part worse = Jar.bundle("a", "2.0.0").activator(Throwing.class).artifact(home.state());
            assertEquals(Verdict.State.ROLLED_BACK, gateway.change(worse).state());
            assertEquals("b=beh", gateway.words());
            Part mended = speaking("a", "3.0.0", "ah").artifact(home.state());
            assertEquals(Verdict.State.APPLIED, gateway.change(mended).state());
            assertEquals("a=ah b=beh", gateway.words());
        }
    }

    @Test
    void readsJarsWhereTheyLieAndCopiesNone() throws Exception {
        Home home = Home.in(folder, speaking("a", "1.0.0", "ah"));
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            await().untilAsserted(() -> assertEquals("a=ah", gateway.words()));
            try (var files = Files.walk(home.state().resolve("cache").resolve("felix"))) {
                assertEquals(
                        List.of(),
                        files.filter(file -> file.toString().endsWith(".jar")).toList());
            }
        }
    }

    @Test
    void twoGatewaysCannotShareAStateFolder() throws Exception {
        Home home = Home.in(folder);
        try (RunningGateway first = RunningGateway.start(home.settings())) {
            Misuse refused = assertThrows(Misuse.class, () -> new Gateway(home.settings(), "1", Supervisor.NONE).run());
            assertTrue(refused.getMessage().contains("another gateway runs on " + home.state()), refused.getMessage());
            assertTrue(first.isRunning());
        }
    }

    @Test
    void endsWithZeroWhenTheFrameworkIsStoppedAndWith75WhenItIsUpdated() throws Exception {
        Home home = Home.in(folder);
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            gateway.context().getBundle().stop();
            assertEquals(0, gateway.exitCode());
        }
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            gateway.context().getBundle().update();
            assertEquals(Gateway.RESTART, gateway.exitCode());
            // the framework has begun to start itself again, which a process that ends does not see
            await().ignoreException(NoSuchElementException.class)
                    .until(() -> gateway.context().getBundle().getState() == Bundle.ACTIVE);
        }
    }

    @Test
    void startsTheCommittedDocumentOverTheImage() throws Exception {
        Home home = Home.in(folder, speaking("a", "1.0.0", "old"), speaking("b", "1.0.0", "kept"));
        Part a = speaking("a", "1.1.0", "new").artifact(home.state());
        Part c = speaking("c", "1.0.0", "more").artifact(home.state());
        commit(home, new Document(List.of(c, a), Map.of("pid", Map.of("x", 1L)), Map.of("t", "d")));
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            await().untilAsserted(() -> assertEquals("a=new b=kept c=more", gateway.words()));
            assertEquals(
                    Map.of("pid", Map.of("x", 1L)),
                    gateway.software().document().configurations());
            assertEquals(
                    List.of("a", "b", "c"),
                    gateway.software().running().stream()
                            .map(Part::symbolicName)
                            .toList());
            await().until(() -> !Files.exists(home.state().resolve("starts")));
        }
    }

    @Test
    void threeFailingStartsFallBackToThePreviousDocumentAndThreeMoreToTheImage() throws Exception {
        Home home = Home.in(folder, speaking("a", "1.0.0", "factory"));
        Part previous = speaking("a", "2.0.0", "previous").artifact(home.state());
        Part broken = Jar.bundle("a", "3.0.0").activator(Throwing.class).artifact(home.state());
        commit(home, RunningGateway.document(previous), RunningGateway.document(broken));
        for (int start = 0; start < 3; start++) {
            assertEquals(Gateway.RESTART, exitCode(home));
        }
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            await().untilAsserted(() -> assertEquals("a=previous", gateway.words()));
            var verdict = gateway.software().verdict().orElseThrow();
            assertEquals("starts-failed", verdict.type());
            assertEquals(RunningGateway.document(broken).desired(), verdict.desired());
            assertTrue(verdict.detail().contains("no such modem"), verdict.detail());
        }
        Files.delete(home.state().resolve("artifacts").resolve(previous.sha256()));
        for (int start = 0; start < 3; start++) {
            assertEquals(Gateway.RESTART, exitCode(home));
        }
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            await().untilAsserted(() -> assertEquals("a=factory", gateway.words()));
            var verdict = gateway.software().verdict().orElseThrow();
            assertTrue(verdict.detail().contains("there is no artifact"), verdict.detail());
            assertEquals(RunningGateway.document(broken).desired(), verdict.desired());
            assertEquals(Document.FACTORY, gateway.software().document());
        }
    }

    @Test
    void aDocumentWhoseArtifactIsCutShortDoesNotStart() throws Exception {
        Home home = Home.in(folder);
        Part part = speaking("a", "1.0.0", "ah").artifact(home.state());
        Files.write(home.state().resolve("artifacts").resolve(part.sha256()), new byte[10]);
        commit(home, RunningGateway.document(part));
        assertEquals(Gateway.RESTART, exitCode(home));
        try (StateFolder state = StateFolder.open(home.state())) {
            assertEquals(1, state.starts(1).count());
            assertTrue(
                    state.starts(1).cause().contains("has 10 bytes"),
                    state.starts(1).cause());
        }
    }

    @Test
    void aStopThatWasAskedForIsNoFailedStart() throws Exception {
        Home home = Home.in(folder);
        Part part = Jar.bundle("a", "1.0.0").activator(Waiting.class).artifact(home.state());
        commit(home, RunningGateway.document(part));
        RunningGateway gateway = RunningGateway.start(home.settings(Settings.START_DEADLINE, "PT3S"));
        await().until(() -> gateway.state("a").equals("in state 8"));
        assertTrue(Files.exists(home.state().resolve("starts")));
        gateway.close();
        gateway.exitCode();
        try (StateFolder state = StateFolder.open(home.state())) {
            assertEquals(0, state.starts(1).count());
        }
    }

    @Test
    void asksProofsWithWhatIsTouched() throws Exception {
        Home home = Home.in(
                folder, Jar.bundle("p", "1.0.0").activator(Complaining.class).word(""));
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            Set<Set<String>> asked = new ConcurrentSkipListSet<>(Comparator.comparing(Set::toString));
            gateway.context()
                    .registerService(
                            Proof.class,
                            touched -> {
                                asked.add(touched);
                                return List.of();
                            },
                            new Hashtable<>(Map.of("gatehouse.proof", "mine")));
            gateway.change(speaking("a", "1.0.0", "ah").artifact(home.state()));
            assertEquals(Set.of(Set.of("a")), Set.copyOf(asked));
            assertFalse(gateway.steps().isEmpty());
        }
    }

    static void commit(Home home, Document... documents) throws Exception {
        try (StateFolder state = StateFolder.open(home.state())) {
            for (Document document : documents) {
                state.commit(new Committed(state.nextChange(), document, Optional.empty()));
            }
        }
    }

    private static int exitCode(Home home) throws Exception {
        RunningGateway gateway = RunningGateway.begin(home.settings());
        int code = gateway.exitCode();
        gateway.context().getBundle().stop();
        return code;
    }
}
