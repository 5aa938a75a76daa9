package io.gatehouse.testkit.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there of a gateway when the tests' process ended, or the gateway never began. */
final class LeftBehindTest {
    @TempDir
    Path folder;

    private Process process;

    /** Runs {@link LeftBehind}, with a folder of its own for what is temporary, until it is done. */
    private void start(String... settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectory(folder.resolve("tmp")),
                "-cp",
                System.getProperty("java.class.path"),
                LeftBehind.class.getName()));
        command.addAll(List.of(settings));
        Path said = folder.resolve("said");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        Awaitility.await()
                .atMost(Running.PATIENCE.multipliedBy(2))
                .until(() -> !process.isAlive() || Files.readAllLines(said).contains(LeftBehind.DONE));
        assertTrue(process.isAlive(), () -> "it ended: " + said);
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    /** The runtime is unpacked once for a process, and so stays until that ends. */
    private List<String> left() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("tmp"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("gatehouse") && !name.startsWith("gatehouse-testkit-runtime-"))
                    .toList();
        }
    }

    @Test
    void nothingWhereTheProcessIsEnded() throws Exception {
        start();
        assertEquals(1, left().size());
        process.destroy();
        assertEquals(143, process.waitFor(), "by signal 15");
        assertEquals(List.of(), left());
    }

    @Test
    void nothingWhereTheGatewayCannotBeStarted() throws Exception {
        start("a=" + LeftBehind.NUL);
        assertEquals(List.of(), left());
    }
}
