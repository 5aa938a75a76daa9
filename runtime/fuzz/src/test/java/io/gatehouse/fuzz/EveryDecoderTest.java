package io.gatehouse.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Feeds every decoder that the network reaches with what Jazzer makes up, guided by the code that an input reaches. A target is a class
 * {@code …Fuzz} with a method {@code fuzzerTestOneInput(byte[])} among the tests of a bundle or the launcher: whoever adds one need not say so
 * here; inputs to begin with lie in a folder of its name among the test resources. Each has a process of its own. What ends it:
 * an exception that is not the decoder's own, and what {@link Bounded} finds.
 */
@Execution(ExecutionMode.CONCURRENT)
class EveryDecoderTest {
    private static final Path PROJECT = Path.of(System.getProperty("project"));
    private static final Path WORK = Path.of(System.getProperty("work"));
    private static final long RUNS = Long.getLong("fuzz.runs");
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs");

    /** A class to feed, and the folder of the module whose tests it is among. */
    record Target(String name, Path module) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Target> targets() throws IOException {
        return named("target/test-classes", "Fuzz.class");
    }

    private static List<Target> named(String root, String end) throws IOException {
        List<Target> targets = new ArrayList<>();
        for (Path module : modules()) {
            Path folder = module.resolve(root);
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.map(file -> folder.relativize(file).toString())
                            .filter(file -> file.endsWith(end))
                            .map(file ->
                                    file.substring(0, file.lastIndexOf('.')).replace(File.separatorChar, '.'))
                            .sorted()
                            .forEach(name -> targets.add(new Target(name, module)));
                }
            }
        }
        return targets;
    }

    private static List<Path> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        try (Stream<Path> bundles = Files.list(PROJECT.resolve("bundles"))) {
            bundles.sorted().forEach(modules::add);
        }
        modules.add(PROJECT.resolve("runtime/launcher"));
        return modules;
    }

    @Test
    void findsEachTargetThatThereIs() throws IOException {
        assertFalse(targets().isEmpty());
        assertEquals(
                named("src/test/java", "Fuzz.java"), targets(), "run the tests of the bundles and the launcher first");
    }

    @ParameterizedTest
    @MethodSource("targets")
    void neitherFailsNorHangsNorFillsTheMemory(Target target) throws IOException, InterruptedException {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "Jazzer has no library for this processor");
        Path folder = Files.createDirectories(WORK.resolve(target.name()));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command(target, folder))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int code = process.waitFor();
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertEquals(0, code, () -> log + ": " + said.substring(Math.max(0, said.length() - 3000)));
        Matcher done = DONE.matcher(said);
        assertTrue(done.find(), () -> log + " does not say how many inputs there were");
        assertTrue(Long.parseLong(done.group(1)) >= RUNS, done::group);
    }

    private static List<String> command(Target target, Path folder) throws IOException {
        Path seeds =
                target.module().resolve("target/test-classes/" + target.name().replace('.', '/'));
        // What it finds to reach new code is added to the first folder.
        Path found = Files.createDirectories(folder.resolve("found"));
        String classPath = String.join(
                File.pathSeparator,
                target.module().resolve("target/test-classes").toString(),
                target.module().resolve("target/classes").toString(),
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", // Jazzer itself needs the most of it
                "-Dtarget=" + target.name(),
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Bounded.class.getName(),
                "--instrumentation_includes=io.gatehouse.**:org.eclipse.parsson.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-runs=" + RUNS,
                "-seed=1",
                "-max_len=4096",
                "-timeout=20",
                "-print_final_stats=0",
                found.toString()));
        if (Files.isDirectory(seeds)) {
            command.add(seeds.toString());
        }
        return command;
    }
}
