package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that keeps the gateway running, with a stand-in for Java that writes down how it was called. */
@Timeout(60)
class SupervisorTest {
    @TempDir
    private Path folder;

    private Path home;
    private Path calls;
    private Path java;

    @BeforeEach
    void image() throws Exception {
        home = folder.resolve("an image");
        calls = folder.resolve("calls");
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/b.jar"), "");
        Files.writeString(home.resolve("lib/a.jar"), "");
        Files.copy(Path.of("src/main/sh/gatehouse-gateway"), home.resolve("bin/gatehouse-gateway"));
    }

    /** A Java of this version that ends with these codes, one after the other, and then waits for a signal. */
    private void java(String version, int... codes) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        Files.writeString(folder.resolve("jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        StringBuilder text = new StringBuilder("#!/bin/sh\nfor word; do echo \"$word\"; done >>'" + calls + "'\n"
                + "echo \"arena $MALLOC_ARENA_MAX\" >>'" + calls + "'\necho \"broken ends $GATEHOUSE_BROKEN_ENDS\" >>'"
                + calls + "'\nrun=$(grep -c Launcher '" + calls
                + "')\ncase $run in\n");
        for (int run = 0; run < codes.length; run++) {
            text.append(run + 1).append(") exit ").append(codes[run]).append(";;\n");
        }
        text.append("esac\ntrap 'echo termed >>\"").append(calls).append("\"; exit 143' TERM\n");
        text.append("echo waits >>'").append(calls).append("'\nwhile :; do sleep 0.05; done\n");
        java = Files.writeString(bin.resolve("java"), text);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process script(Map<String, String> environment, String... arguments) throws Exception {
        return script(home.resolve("bin/gatehouse-gateway"), environment, arguments);
    }

    private Process script(Path script, Map<String, String> environment, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("/bin/sh", script.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("MALLOC_ARENA_MAX");
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
    }

    private int end(Process process) throws Exception {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the script does not end");
        return process.exitValue();
    }

    private String out() throws Exception {
        return Files.readString(folder.resolve("out"));
    }

    private List<String> called() throws Exception {
        return Files.readAllLines(calls);
    }

    @Test
    void passesOnItsArgumentsAndTheClassPathInOrder() throws Exception {
        java("17.0.15", 0);
        assertEquals(
                0, end(script(Map.of("JAVA_HOME", folder.resolve("jdk").toString()), "--state", "a folder", "-Dx=*")));
        List<String> called = called();
        assertTrue(called.containsAll(List.of("-Xmx32m", "-XX:+UseSerialGC", "arena 1")), called.toString());
        int at = called.indexOf("-cp");
        assertEquals(
                List.of(
                        "-cp",
                        home.resolve("lib/a.jar") + ":" + home.resolve("lib/b.jar"),
                        "io.gatehouse.launcher.Launcher",
                        "--state",
                        "a folder",
                        "-Dx=*"),
                called.subList(at, at + 6));
    }

    @Test
    void takesOtherOptionsAndAnArchiveOfClasses() throws Exception {
        java("21", 0);
        Files.writeString(home.resolve("lib/gatehouse.jsa"), "");
        assertEquals(0, end(script(Map.of("GATEHOUSE_JAVA", java.toString(), "GATEHOUSE_JAVA_OPTS", "-Xmx64m -Xa"))));
        assertEquals(
                List.of("-Xmx64m", "-Xa", "-XX:SharedArchiveFile=" + home.resolve("lib/gatehouse.jsa")),
                called().subList(0, 3));
    }

    @Test
    void optimizesWhatTheImageNamesAndNothingWhereItNamesNothing() throws Exception {
        java("17", 0, 0);
        assertEquals(0, end(script(Map.of("GATEHOUSE_JAVA", java.toString()))));
        assertTrue(called().contains("-XX:TieredStopAtLevel=1"), called().toString());
        Path named = Files.createDirectories(home.resolve("conf")).resolve("compiler.json");
        Files.writeString(named, "[]");
        assertEquals(0, end(script(Map.of("GATEHOUSE_JAVA", java.toString()))));
        List<String> last = called().subList(called().lastIndexOf("-XX:+UnlockDiagnosticVMOptions"), called().size());
        assertEquals("-XX:CompilerDirectivesFile=" + named, last.get(1));
    }

    @Test
    void isFoundThroughALink() throws Exception {
        java("17", 0);
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("an image/bin/gatehouse-gateway"));
        assertEquals(0, end(script(link, Map.of("GATEHOUSE_JAVA", java.toString()))));
        assertTrue(called().toString().contains(home.resolve("lib/a.jar").toString()));
    }

    @Test
    void startsAgainAtOnceWhenAskedAndAfterAPauseWhenItBroke() throws Exception {
        java("17", 75, 75, 1, 0);
        long begun = System.nanoTime();
        assertEquals(0, end(script(Map.of("GATEHOUSE_JAVA", java.toString()))));
        assertTrue(System.nanoTime() - begun > 900_000_000L, "no pause");
        assertEquals(
                4, called().stream().filter(word -> word.endsWith("Launcher")).count());
        assertTrue(out().contains("ended with 1; starting again in 1 s"), out());
    }

    @Test
    void tellsHowManyInARowEndedByThemselvesAndBeginsAnewAfterARestartThatWasAskedFor() throws Exception {
        java("17", 1, 75, 137, 0);
        assertEquals(0, end(script(Map.of("GATEHOUSE_JAVA", java.toString(), "GATEHOUSE_BROKEN_ENDS", "7"))));
        assertEquals(
                List.of("broken ends 0", "broken ends 1", "broken ends 0", "broken ends 1"),
                called().stream().filter(word -> word.startsWith("broken")).toList());
    }

    @Test
    void tellsSystemdWithEachStartThatItGoesOn() throws Exception {
        java("17", 75, 1, 0);
        try (NotifySocket systemd = NotifySocket.open(folder)) {
            Map<String, String> environment = new HashMap<>(systemd.environment(Duration.ofMinutes(5)));
            environment.put("GATEHOUSE_JAVA", java.toString());
            assertEquals(0, end(script(environment)));
            assertEquals(3, systemd.alive());
        }
    }

    @Test
    void doesNotTryAgainWhatCannotGoWell() throws Exception {
        java("17", 2);
        assertEquals(2, end(script(Map.of("GATEHOUSE_JAVA", java.toString()))));
        assertEquals(
                1, called().stream().filter(word -> word.endsWith("Launcher")).count());
    }

    @Test
    void termStopsJavaAndTheScript() throws Exception {
        java("17");
        Process script = script(Map.of("GATEHOUSE_JAVA", java.toString()));
        await().until(() -> Files.exists(calls) && called().contains("waits"));
        script.destroy();
        assertEquals(0, end(script));
        assertTrue(called().contains("termed"), called().toString());
        assertFalse(out().contains("starting again"), out());
    }

    @Test
    void termEndsAPauseToo() throws Exception {
        java("17", 1, 1, 1, 1, 1, 1, 1);
        Process script = script(Map.of("GATEHOUSE_JAVA", java.toString()));
        await().until(() -> out().contains("starting again in 2 s"));
        script.destroy();
        assertEquals(0, end(script));
    }

    @Test
    void takesTheJavaOfTheImageBeforeThatOfTheMachine() throws Exception {
        java("17");
        Path machine = Files.createDirectories(folder.resolve("machine/bin")).resolve("java");
        Files.writeString(machine, "#!/bin/sh\nexit 2\n");
        Files.setPosixFilePermissions(machine, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> environment =
                Map.of("JAVA_HOME", folder.resolve("machine").toString());
        Files.createDirectories(home.resolve("java/bin"));
        Files.writeString(home.resolve("java/release"), "JAVA_VERSION=\"17.0.1\"\n");
        Path own = Files.copy(java, home.resolve("java/bin/java"), StandardCopyOption.COPY_ATTRIBUTES);
        Process script = script(environment);
        await().until(() -> Files.exists(calls) && called().contains("waits"));
        script.destroy();
        assertEquals(0, end(script));
        Files.delete(own);
        assertEquals(2, end(script(environment)));
        assertTrue(out().contains("there is no Java at " + own + ", by " + home.resolve("java")), out());
    }

    @Test
    void takesAJavaThatIsNamedBeforeThatOfTheImage() throws Exception {
        java("17", 0);
        Files.createDirectories(home.resolve("java/bin"));
        assertEquals(0, end(script(Map.of("GATEHOUSE_JAVA", java.toString()))));
        assertTrue(called().contains("io.gatehouse.launcher.Launcher"), called().toString());
    }

    @Test
    void saysWhichJavaWillNotDo() throws Exception {
        java("11.0.2");
        assertEquals(2, end(script(Map.of("GATEHOUSE_JAVA", java.toString()))));
        assertEquals(
                "gatehouse-gateway: Java 17 or newer is needed, and " + java
                        + " is 11.0.2; set GATEHOUSE_JAVA to another\n",
                out());
        assertEquals(2, end(script(Map.of("GATEHOUSE_JAVA", "/no/such/java"))));
        assertTrue(out().contains("there is no Java at /no/such/java, by GATEHOUSE_JAVA"), out());
    }
}
