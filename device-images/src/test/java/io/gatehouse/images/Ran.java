package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that ran to its end.
 *
 * @param code what it ended with
 * @param said all that it said, on both of its outputs
 */
record Ran(int code, String said) {
    private static final long MINUTES = 10;

    /** With which our scripts end for want of something that can be had another time. */
    private static final int LACKING = 75;

    /** Runs it in this folder, with nothing on its input. */
    static Ran of(Path folder, List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile("said", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(said.toFile())
                    .start();
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
            assertTrue(ended, () -> command + " does not end");
            return new Ran(process.waitFor(), Files.readString(said, StandardCharsets.UTF_8));
        } finally {
            Files.delete(said);
        }
    }

    static Ran of(Path folder, String... command) throws IOException, InterruptedException {
        return of(folder, List.of(command));
    }

    /** What it said, where it ended well; else the test fails. */
    String well() {
        assertEquals(0, code, said);
        return said;
    }

    /** As {@link #well}, but skips the test where a package of Debian could not be had, and says which. */
    String wellUnlessLacking(String what) {
        String last = said.stripTrailing().substring(said.stripTrailing().lastIndexOf('\n') + 1);
        assumeTrue(code != LACKING, () -> "skipped: " + what + " is not tried, because this machine lacks it: " + last);
        return well();
    }

    /** Skips the test where one of these programs is missing, and says which. */
    static void assumePrograms(String what, String... programs) {
        for (String program : programs) {
            boolean there = Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            assumeTrue(there, () -> "skipped: " + what + " is not tried, because there is no " + program);
        }
    }

    static void assumeRoot(String what) throws IOException, InterruptedException {
        assumeTrue(
                of(Path.of("/"), "id", "-u").well().strip().equals("0"),
                () -> "skipped: " + what + " is not tried, because this is not root");
    }
}
