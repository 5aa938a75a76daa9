package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Exiting;
import io.gatehouse.launcher.activators.Hanging;
import io.gatehouse.launcher.activators.Speaking;
import io.gatehouse.launcher.activators.Wishing;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Verdict;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole processes. */
@Timeout(120)
class LauncherTest {
    private static final int MOMENTS = 8;

    @TempDir
    private Path folder;

    private final List<String> output = new ArrayList<>();

    private Process process(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Launcher.class.getName()));
        line.addAll(List.of(arguments));
        File out = folder.resolve("out").toFile();
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(out)
                .start();
    }

    private Process gateway(Home home, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--home", home.home().toString(), "--state", home.state().toString(), "-Dgatehouse.settle=PT0.1S"));
        arguments.addAll(List.of(more));
        return process(arguments.toArray(String[]::new));
    }

    private int end(Process process) throws Exception {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process does not end");
        output.clear();
        output.addAll(Files.readAllLines(folder.resolve("out")));
        return process.exitValue();
    }

    private boolean says(String words) throws Exception {
        return Files.readString(folder.resolve("out")).contains(words);
    }

    private static String wish(Part part, Duration deadline) {
        return "-Dgatehouse.test.wish=" + part.symbolicName() + " " + part.version() + " " + part.sha256() + " "
                + part.size() + " " + deadline;
    }

    @Test
    void misuseIsOneLineAndTwo() throws Exception {
        assertEquals(2, end(process("--nope")));
        assertEquals(List.of("gatehouse-gateway: unknown argument: --nope (see --help)"), output);
        assertEquals(2, end(process("--home", folder.resolve("x").toString())));
        assertEquals(1, output.size());
        assertEquals(2, end(process()));
        assertTrue(output.get(0).contains("--home"), output.toString());
        Home home = Home.in(folder);
        assertEquals(2, end(gateway(home, "-Dgatehouse.log.level=LOUD")));
        assertTrue(output.get(0).contains("LOUD"), output.toString());
    }

    @Test
    void helpAndVersionAndSealEndWell() throws Exception {
        assertEquals(0, end(process("--help")));
        assertTrue(output.get(0).startsWith("Usage: gatehouse-gateway"), output.toString());
        assertEquals(0, end(process("--version")));
        assertTrue(output.get(0).startsWith("gatehouse-gateway "), output.toString());
        Home home = Home.in(folder, Jar.bundle("a", "1"));
        assertEquals(0, end(process("seal", "--home", home.home().toString())));
        assertEquals(List.of("sealed 1 bundles of " + home.home()), output);
    }

    @Test
    void termStopsItInOrder() throws Exception {
        Home home = Home.in(
                folder, Jar.bundle("a", "1.0.0").activator(Speaking.class).word("ah"));
        Process gateway = gateway(home);
        await().until(() -> says("runs 1 bundles"));
        assertTrue(
                Files.readString(folder.resolve("out"))
                        .matches(
                                "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO io\\.gatehouse\\.launcher\\.Gateway: .*\n"));
        gateway.destroy();
        assertEquals(143, end(gateway));
        assertEquals(1, output.size(), output.toString());
    }

    @Test
    void noBundleMaySayThatTheGatewayEndedWell() throws Exception {
        Home home = Home.in(folder, Jar.bundle("a", "1.0.0").activator(Exiting.class));
        assertEquals(143, end(gateway(home)));
    }

    @Test
    void aStartThatHangsRestartsTheProcessUntilItFallsBack() throws Exception {
        Home home = Home.in(
                folder, Jar.bundle("a", "1.0.0").activator(Speaking.class).word("ah"));
        Part hanging = Jar.bundle("a", "2.0.0").activator(Hanging.class).artifact(home.state());
        GatewayTest.commit(home, RunningGateway.document(hanging));
        for (int start = 0; start < 3; start++) {
            assertEquals(Gateway.RESTART, end(gateway(home, "-Dgatehouse.start.deadline=PT1S")));
            assertTrue(output.toString().contains("starting a 2.0.0 took longer"), output.toString());
        }
        Process gateway = gateway(home, "-Dgatehouse.start.deadline=PT10S");
        await().until(() -> says("runs 1 bundles"));
        gateway.destroy();
        end(gateway);
        try (StateFolder state = StateFolder.open(home.state())) {
            assertEquals("starts-failed", state.verdict().orElseThrow().type());
            assertTrue(state.current().isEmpty());
        }
    }

    @Test
    void aChangeThatCannotBePutBackRestartsTheProcessWithAVerdict() throws Exception {
        Home home = Home.in(folder, Jar.bundle("w", "1.0.0").activator(Wishing.class));
        Part hanging = Jar.bundle("a", "2.0.0").activator(Hanging.class).artifact(home.state());
        String wish = wish(hanging, Duration.ofSeconds(3));
        assertEquals(Gateway.RESTART, end(gateway(home, wish)));
        try (StateFolder state = StateFolder.open(home.state())) {
            Verdict verdict = state.verdict().orElseThrow();
            assertEquals(Verdict.State.ROLLED_BACK, verdict.state());
            assertEquals("start-hung", verdict.type());
            assertEquals(Map.of("wish", hanging.sha256()), verdict.desired());
            assertTrue(verdict.detail().contains("starting a 2.0.0"), verdict.detail());
            assertTrue(state.attempt().isEmpty());
            assertTrue(state.current().isEmpty());
        }
        Process gateway = gateway(home, wish);
        await().until(() -> says("runs 1 bundles"));
        assertFalse(says("ended in the middle"));
        gateway.destroy();
        end(gateway);
    }

    @Test
    void aProcessThatIsKilledThreeTimesInOneChangeBlamesTheChange() throws Exception {
        Home home = Home.in(folder, Jar.bundle("w", "1.0.0").activator(Wishing.class));
        Part hanging = Jar.bundle("a", "2.0.0").activator(Hanging.class).artifact(home.state());
        String wish = wish(hanging, Duration.ofMinutes(5));
        for (int kill = 1; kill <= 3; kill++) {
            Process gateway = gateway(home, wish);
            int tries = kill;
            await().until(() -> new WholeFiles(home.state())
                    .read("attempt.json")
                    .filter(attempt -> attempt.get("tries").equals((long) tries))
                    .isPresent());
            gateway.destroyForcibly();
            assertEquals(137, end(gateway));
        }
        Process gateway = gateway(home, wish);
        await().until(() -> says("runs 1 bundles"));
        gateway.destroy();
        end(gateway);
        try (StateFolder state = StateFolder.open(home.state())) {
            assertEquals("died-while-changing", state.verdict().orElseThrow().type());
            assertTrue(state.attempt().isEmpty());
        }
    }

    @Test
    void killedAtAnyMomentItStartsTheOldOrTheNewAndKnowsWhich() throws Exception {
        Home home = Home.in(folder, Jar.bundle("w", "1.0.0").activator(Wishing.class));
        Part part =
                Jar.bundle("a", "1.0.0").activator(Speaking.class).word("ah").artifact(home.state());
        String wish = wish(part, Duration.ofSeconds(20));
        List<String> kept = List.of("artifacts", "lock", "cache");
        int committed = 0;
        for (int moment = 0; moment < MOMENTS; moment++) {
            for (File file : home.state().toFile().listFiles(one -> !kept.contains(one.getName()))) {
                Files.delete(file.toPath());
            }
            Process gateway = gateway(home, wish);
            await().until(() -> Files.exists(home.state().resolve("attempt.json"))
                    || Files.exists(home.state().resolve("current.json")));
            if (moment == MOMENTS - 1) {
                await().until(() -> Files.exists(home.state().resolve("current.json")));
            } else { // the moments differ by what has been written since, not by time
                gateway.waitFor(moment * 30L, TimeUnit.MILLISECONDS);
            }
            gateway.destroyForcibly();
            end(gateway);
            try (StateFolder state = StateFolder.open(home.state())) {
                Document found = new Recovery(state, 0, false).whatToStart().document();
                boolean isNew = found.parts()
                        .equals(List.of(new Part(
                                "test:wish:1", part.symbolicName(), part.version(), part.sha256(), part.size())));
                assertTrue(isNew || found.equals(Document.FACTORY), found.toString());
                assertEquals(isNew, state.verdict().isPresent());
                committed += isNew ? 1 : 0;
            }
        }
        assertTrue(committed > 0, "the change never came to its end");
    }
}
