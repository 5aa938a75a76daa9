package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What only root does to a machine, by its own commands. */
final class Shell {
    private Shell() {}

    /** Runs a command, which has to succeed within 10 s. */
    static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("does not end: " + String.join(" ", command));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + String.join(" ", command), e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": "
                    + new String(process.getInputStream().readAllBytes()));
        }
    }

    /** Skips the test that calls it where not root runs it, or where one of these files is missing. */
    static void assumeRootWith(String what, String... files) throws IOException {
        assumeTrue(
                Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t0"),
                "skipped: " + what + " is not tried, because only root can");
        List<String> missing = List.of(files).stream()
                .filter(file -> !Files.exists(Path.of(file)))
                .toList();
        assumeTrue(missing.isEmpty(), "skipped: " + what + " is not tried, because there is no " + missing);
    }
}
