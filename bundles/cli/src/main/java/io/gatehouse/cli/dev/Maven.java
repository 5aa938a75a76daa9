package io.gatehouse.cli.dev;

import io.gatehouse.cli.fleet.BundleJar;
import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Builds a project as its pom.xml says, or by a command of the user's, in a process of its own. */
final class Maven {
    private static final String CLASS_PATH_PLUGIN = "maven-dependency-plugin";
    private static final String CLASS_PATH_GOAL =
            "org.apache.maven.plugins:" + CLASS_PATH_PLUGIN + ":3.8.1:build-classpath";
    private static final Pattern COMPILER = Pattern.compile("\\[ERROR\\] (/.+\\.java):\\[(\\d+),\\d+\\] (.*)");
    private static final Pattern OTHER = Pattern.compile("\\[ERROR\\] (?!\\[Help|To see|Re-run|For more|-> )(.+)");
    private static final Pattern NOT_THE_BUNDLE =
            Pattern.compile("original-.*|.*-(?:sources|javadoc|tests|test-sources)\\.jar");
    private static final int PROBLEMS = 8;

    private final Project project;
    private final Optional<String> command;
    private final Path scratch;

    /**
     * As a project is built.
     *
     * @param command that builds instead of Maven
     * @param scratch where something may be written for a while
     */
    Maven(Project project, Optional<String> command, Path scratch) {
        this.project = project;
        this.command = command;
        this.scratch = scratch;
    }

    /** What came of it. */
    sealed interface Result {}

    /**
     * A bundle.
     *
     * @param classPath that Maven compiles with; empty where it could not be had
     */
    record Packaged(Path bundle, Optional<String> classPath) implements Result {}

    /** Nothing; each problem is one line. */
    record Failed(List<String> problems) implements Result {}

    private record Run(int exitCode, String output) {}

    /** What builds, in a word. */
    String name() {
        return command.isPresent() ? "--build" : maven().equals("mvn") ? "mvn" : "mvnw";
    }

    /** Whether it is Maven, and no command of the user's. */
    boolean isItself() {
        return command.isEmpty();
    }

    private String maven() {
        Path wrapper = project.folder().resolve("mvnw");
        return Files.isExecutable(wrapper) ? wrapper.toString() : "mvn";
    }

    /** Builds; tests are neither compiled nor run, as what was just changed need not suit them yet. */
    Result build() throws IOException, Trouble, InterruptedException {
        if (command.isPresent()) {
            return result(run(List.of("sh", "-c", command.get())), Optional.empty());
        }
        Path classPath = scratch.resolve("classpath");
        Files.deleteIfExists(classPath);
        List<String> packaging =
                List.of(maven(), "-B", "-q", "-Dstyle.color=never", "-Dmaven.test.skip=true", "package");
        List<String> both = new ArrayList<>(packaging);
        both.addAll(List.of(CLASS_PATH_GOAL, "-Dmdep.outputFile=" + classPath, "-Dmdep.includeScope=compile"));
        Run run = run(both);
        if (run.exitCode() != 0 && run.output().contains(CLASS_PATH_PLUGIN)) {
            run = run(packaging); // it cannot be had here, and nothing needs it but the shortcut
        }
        boolean isKnown = run.exitCode() == 0 && Files.exists(classPath);
        return result(run, isKnown ? Optional.of(Files.readString(classPath).strip()) : Optional.empty());
    }

    private Result result(Run run, Optional<String> classPath) throws IOException {
        if (run.exitCode() != 0) {
            return new Failed(problems(project.folder(), run.output()));
        }
        return newestBundle()
                .<Result>map(bundle -> new Packaged(bundle, classPath))
                .orElseGet(() -> new Failed(List.of("the build leaves no OSGi bundle in " + project.target()
                        + ": build it with bnd-maven-plugin, as ./dev new-plugin sets up")));
    }

    private Run run(List<String> words) throws IOException, Trouble, InterruptedException {
        Path output = scratch.resolve("output");
        Process process = start(words, output);
        try {
            int exitCode = process.waitFor();
            // a build writes what it likes: a byte that is no letter here is no reason to end
            return new Run(exitCode, new String(Files.readAllBytes(output), Charset.defaultCharset()));
        } catch (InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(5, TimeUnit.SECONDS);
            throw e;
        }
    }

    private Process start(List<String> words, Path output) throws Trouble {
        try {
            return new ProcessBuilder(words)
                    .directory(project.folder().toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "cannot run " + words.get(0)
                            + ": install Maven, put mvnw into the project, or say with --build what" + " builds it ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    private Optional<Path> newestBundle() throws IOException {
        if (!Files.isDirectory(project.target())) {
            return Optional.empty();
        }
        Map<Path, Long> jars = new LinkedHashMap<>();
        try (Stream<Path> all = Files.list(project.target())) {
            for (Path file : all.filter(Maven::mayBeTheBundle).toList()) {
                jars.put(file, Files.getLastModifiedTime(file).toMillis());
            }
        }
        return jars.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private static boolean mayBeTheBundle(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".jar") || NOT_THE_BUNDLE.matcher(name).matches()) {
            return false;
        }
        try {
            BundleJar.read(file);
            return true;
        } catch (Trouble e) {
            return false; // a JAR file for something else
        }
    }

    /** What is wrong, of all that Maven says: what the compiler said, or else the first of its errors. */
    static List<String> problems(Path folder, String output) {
        List<String> lines = output.lines().toList();
        List<String> problems = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            Matcher compiler = COMPILER.matcher(lines.get(at));
            if (compiler.matches()) {
                String detail = at + 1 < lines.size() && lines.get(at + 1).matches("(?:\\[ERROR\\])? {2,}\\S.*")
                        ? " ("
                                + lines.get(at + 1)
                                        .replace("[ERROR]", "")
                                        .strip()
                                        .replaceAll("\\s+", " ") + ")"
                        : "";
                problems.add(relative(folder, compiler.group(1)) + ":" + compiler.group(2) + ": " + compiler.group(3)
                        + detail);
            }
        }
        if (problems.isEmpty()) {
            lines.stream().map(OTHER::matcher).filter(Matcher::matches).forEach(line -> problems.add(line.group(1)));
        }
        if (problems.isEmpty()) {
            lines.stream().filter(line -> !line.isBlank()).forEach(problems::add);
        }
        List<String> all = problems.stream().distinct().toList();
        return all.isEmpty()
                ? List.of("the build failed, and says nothing")
                : all.subList(0, Math.min(PROBLEMS, all.size()));
    }

    private static String relative(Path folder, String file) {
        Path path = Path.of(file);
        return path.startsWith(folder) ? folder.relativize(path).toString() : file;
    }
}
