package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor who writes a plug-in beside a gateway that runs: {@code gatehouse dev}, with Maven itself and an editor's saves. */
final class DevTest {
    private static final String DEVICE = "dwr/311-a1/dev";
    private static final Path EXAMPLE = Path.of("../../examples/hello");
    private static final String SOURCE = "src/main/java/com/example/hello/Uptime.java";
    private static final String READS = "Reading.of(\"seconds\"";
    private static final String WAITS = "waiting for saves";

    /** Maven takes seconds, and on a busy machine many of them. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    private final List<Child> children = new ArrayList<>();
    private Artemis broker;
    private GatewayProcess gateway;
    private Operator operator;
    private Path project;
    private String source;

    /** What its files held when they were saved last, by their names in it. */
    private final Map<String, String> saved = new TreeMap<>();

    @BeforeEach
    void start() throws IOException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(each -> Files.isExecutable(Path.of(each, "mvn"))),
                "skipped: gatehouse dev is not tried, because there is no mvn on the PATH");
        project = folder.resolve("hello");
        for (String file : List.of("pom.xml", "bnd.bnd", SOURCE)) {
            Files.createDirectories(project.resolve(file).getParent());
            Files.copy(EXAMPLE.resolve(file), project.resolve(file));
            saved.put(file, Files.readString(project.resolve(file)));
        }
        source = Files.readString(project.resolve(SOURCE));
        broker = new Artemis(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        operator = Operator.at(broker.uri());
        operator.await("the first report", message -> message.topic().equals(DEVICE + "/reported/feature"));
    }

    @AfterEach
    void stop() {
        children.forEach(Child::close);
        if (operator != null) {
            operator.close();
            gateway.close();
            broker.close();
        }
    }

    private Child dev(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                GatewayProcess.home()
                        .resolve("../../../../bundles/cli/target/gatehouse/bin/gatehouse")
                        .normalize()
                        .toString(),
                "dev",
                project.toString(),
                "--to",
                DEVICE));
        command.addAll(List.of(more));
        Path key = folder.resolve("operator.key");
        if (Files.notExists(key)) {
            Fleet.writeOperator(key);
        }
        Child child = Child.start(
                command, folder, Map.of("GATEHOUSE_BROKER", broker.uri().toString(), "GATEHOUSE_KEY", key.toString()));
        children.add(child);
        return child;
    }

    /** Saves as many editors do: a file of another name is written, and renamed. */
    private void save(String what, String by) throws IOException {
        assertTrue(source.contains(what), () -> what + " is not in " + source);
        Path next = project.resolve(SOURCE + "~");
        Files.writeString(next, source.replace(what, by));
        saved.put(SOURCE, source.replace(what, by));
        Files.move(next, project.resolve(SOURCE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** All that is in the project but what a build makes. */
    private Map<String, String> project() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(project)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.startsWith(project.resolve("target"))) {
                    files.put(project.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return files;
    }

    /** Waits until it waits for the next save, after so many builds. */
    private static void awaitBuilds(Child dev, int builds) {
        Awaitility.await("build " + builds)
                .atMost(PATIENCE)
                .failFast("gatehouse dev ended", () -> !dev.isAlive())
                .until(() -> dev.output()
                                .lines()
                                .filter(line -> line.startsWith(WAITS))
                                .count()
                        >= builds);
    }

    private static String line(Child dev, Predicate<String> wanted) throws InterruptedException {
        return dev.awaitLine(wanted, PATIENCE);
    }

    /** As Ctrl-C does; that itself may be ignored where nobody is at a terminal. */
    private static void end(Child dev) throws Exception {
        dev.signal("TERM");
        dev.awaitEnd();
    }

    private void awaitReading(String member) {
        operator.await(
                "a reading of " + member,
                operator.mark(),
                message -> message.topic().equals(DEVICE + "/example/uptime")
                        && message.body().has(member));
    }

    @Test
    void eachSaveIsSoonWhatTheDeviceReadsAndWhatIsWrongChangesNothing() throws Exception {
        Child dev = dev();
        line(dev, line -> line.contains("example/uptime  seconds="));
        awaitBuilds(dev, 1);
        assertTrue(dev.output().contains("after the start; built in "), dev::output);

        save(READS, "Reading.of(\"minutes\"");
        line(dev, line -> line.contains("example/uptime  minutes="));
        awaitBuilds(dev, 2);
        assertTrue(dev.output().contains(" past mvn, as only methods changed"), dev::output);

        save("return " + READS, "return Readin.of(\"hours\"");
        line(dev, line -> line.matches(SOURCE + ":\\d+: cannot find symbol \\(symbol: variable Readin\\)"));
        awaitReading("minutes");

        save(
                "this.file = file;",
                "if (file != null) { throw new IllegalStateException(\"no sensor\"); } this.file = file;");
        String putBack = line(dev, line -> line.contains("  rolled-back  "));
        assertTrue(putBack.contains("no sensor"), putBack);
        assertTrue(putBack.endsWith(" goes on"), putBack);
        awaitReading("minutes");

        awaitBuilds(dev, 4);
        save("period = \"PT5S\")", "period = \"PT0.5S\")");
        line(dev, line -> line.endsWith(" by mvn, as declarations changed"));
        awaitReading("seconds");
        awaitBuilds(dev, 5);
        assertEquals(saved, project());

        end(dev);
        String stays = line(dev, line -> line.contains(" stays on " + DEVICE));
        assertTrue(stays.contains("gatehouse remove com.example.hello"), stays);
        awaitReading("seconds");
    }

    @Test
    void beginsWithWhatDoesNotBuildAndTakesThePluginAwayAtTheEnd() throws Exception {
        save("public Reading read()", "public Readin read()");
        Child dev = dev("--remove-at-end");
        line(dev, line -> line.matches(SOURCE + ":\\d+: cannot find symbol \\(symbol: +class Readin\\)"));
        awaitBuilds(dev, 1);
        save(READS, READS);
        line(dev, line -> line.contains("example/uptime  seconds="));
        awaitBuilds(dev, 2);
        int mark = operator.mark();
        end(dev);
        line(dev, line -> line.contains("com.example.hello is gone from " + DEVICE));
        operator.await(
                "a report without it",
                mark,
                message -> message.topic().equals(DEVICE + "/reported/feature")
                        && message.body().string("state").equals("applied")
                        && message.body().objects("bundles").stream().noneMatch(bundle -> bundle.string("symbolicName")
                                .equals("com.example.hello")));
    }
}
