package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.RuntimeSlot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which runtime the script starts, with slots that hold nothing and a stand-in for Java that does as it is told. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class SlotSupervisorTest {
    private static final String OLD = "a".repeat(64);
    private static final String NEW = "b".repeat(64);
    private static final String CUT = "nobody lived to tell";

    @TempDir
    private Path folder;

    private Path image;
    private Path slots;
    private List<String> shell = List.of("/bin/sh");
    private Optional<Process> script = Optional.empty();

    @BeforeEach
    void make() throws Exception {
        image = folder.resolve("an image");
        slots = Files.createDirectories(folder.resolve("a state/slots"));
        for (Path home : List.of(image, slots.resolve(OLD), slots.resolve(NEW))) {
            Files.createDirectories(home.resolve("lib"));
            Files.createDirectories(home.resolve("conf"));
            Files.writeString(home.resolve("lib/launcher.jar"), "x");
            Files.writeString(home.resolve("conf/factory.json"), "{}");
        }
        Files.createDirectories(image.resolve("bin"));
        Files.copy(Path.of("src/main/sh/gatehouse-gateway"), image.resolve("bin/gatehouse-gateway"));
        probation("PT60S");
        program(folder.resolve("jdk/bin/java"), JAVA);
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17\"\n");
        Files.writeString(folder.resolve("calls"), "");
    }

    private static final String JAVA = """
            #!/bin/sh
            cd "$(dirname "$0")/../.."
            while [ $# -gt 0 ]; do
                [ "$1" != -cp ] || classes=$2
                shift
            done
            home=${classes%%/lib/*}
            name=$(basename "$home")
            [ "$name" = "$(basename "$GATEHOUSE_IMAGE")" ] && name=image
            echo "$name $(ls "$GATEHOUSE_SLOTS" 2>/dev/null | grep -v '.\\{64\\}' | tr '\\n' ' ')" >>calls
            act=$(sed -n "$(grep -c "^$name" calls)p" "plan.$name" 2>/dev/null)
            case $act in
                prove)
                    mv "$GATEHOUSE_SLOTS"/next.? "$GATEHOUSE_SLOTS/current"
                    echo proven >>calls
                    ;;
                explain*)
                    echo "${act#explain }" >"$GATEHOUSE_SLOTS/why"
                    exit 75
                    ;;
                [0-9]*) exit "$act" ;;
            esac
            trap 'exit 143' TERM
            echo waits >>calls
            while :; do /bin/sleep 0.05; done
            """;

    @AfterEach
    void end() {
        script.ifPresent(SlotSupervisorTest::cut);
    }

    private static void cut(Process script) {
        List<ProcessHandle> all = script.descendants().toList();
        script.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        script.onExit().join();
        all.forEach(handle -> handle.onExit().join());
    }

    private static void program(Path file, String text) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void probation(String time) throws Exception {
        settings("gatehouse.state = " + slots.getParent() + " \ngatehouse.probation=" + time + "\n");
    }

    private void settings(String text) throws Exception {
        Files.writeString(image.resolve("conf/gateway.properties"), text);
    }

    /** What the runtime does at its starts, one after the other; afterwards it waits. */
    private void plan(String name, String... acts) throws Exception {
        Files.write(folder.resolve("plan." + name), List.of(acts));
    }

    private void file(String name, String slot) throws Exception {
        Optional<String> sha256 = slot.equals("image") ? Optional.empty() : Optional.of(slot);
        RuntimeSlot wanted = new RuntimeSlot("1.2", sha256, Map.of("t", "d"));
        new WholeFiles(slots).write(name, new Trial(wanted, Map.of(), Set.of()).write());
    }

    private Process start(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(shell);
        line.add(image.resolve("bin/gatehouse-gateway").toString());
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment()
                .put("GATEHOUSE_JAVA", folder.resolve("jdk/bin/java").toString());
        builder.environment().put("GATEHOUSE_JAVA_OPTS", "");
        builder.environment().merge("PATH", folder.resolve("quick") + ":", (path, quick) -> quick + path);
        Process started = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        script = Optional.of(started);
        return started;
    }

    /** The starts until one waits: which runtime, by the first letter of its name. */
    private String started() throws Exception {
        await().atMost(40, TimeUnit.SECONDS).until(() -> calls().contains("waits"));
        return calls().stream()
                .filter(line -> line.contains(" "))
                .map(line -> line.substring(0, 1))
                .collect(Collectors.joining());
    }

    private List<String> calls() throws Exception {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private String why() throws Exception {
        return Files.exists(slots.resolve("why"))
                ? Files.readString(slots.resolve("why")).strip()
                : CUT;
    }

    private String files() throws Exception {
        try (Stream<Path> all = Files.list(slots)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.length() != 64)
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
    }

    static Stream<List<String>> shells() {
        return Stream.of(List.of("/bin/sh"), List.of("dash"), List.of("busybox", "ash"), List.of("bash", "--posix"))
                .filter(shell -> Stream.of("/bin", "/usr/bin")
                        .anyMatch(bin -> Files.exists(Path.of(bin).resolve(shell.get(0)))));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatProvesItselfIsKept(List<String> with) throws Exception {
        shell = with;
        probation("PT5S");
        file("current", OLD);
        file("next", NEW);
        plan(NEW, "75", "prove");
        start();
        assertEquals("bb", started());
        assertEquals("current", files());
        assertTrue(calls().get(0).contains("current next.1"), calls().toString());
        assertTrue(calls().get(1).contains("current next.2"), calls().toString());
        // not by the time that a probation may take
        assertFalse(script.orElseThrow().waitFor(6, TimeUnit.SECONDS));
        assertEquals("bb", started());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theImagesOwnStartsWhereAFactoryResetIsAskedFor(List<String> with) throws Exception {
        shell = with;
        file("current", OLD);
        file("next", NEW);
        Files.writeString(slots.resolveSibling("reset"), "{}");
        start();
        assertEquals("i", started());
        assertEquals("current next", files());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatFailsThreeTimesIsLeftHoweverItEnded(List<String> with) throws Exception {
        shell = with;
        file("next", NEW);
        plan(NEW, "0", "2", "1");
        start();
        assertEquals("bbbi", started());
        assertEquals("failed why", files());
        assertEquals("its process ended with 1", why());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatHangsIsKilledAndLeftForTheOneBefore(List<String> with) throws Exception {
        shell = with;
        file("current", OLD);
        file("next", NEW);
        probation("PT5S");
        program(folder.resolve("quick/sleep"), "#!/bin/sh\nexec /bin/sleep 0.5\n");
        start();
        await().atMost(40, TimeUnit.SECONDS).until(() -> calls().stream().anyMatch(line -> line.startsWith("a")));
        assertEquals("bbba", started());
        assertEquals("current failed why", files());
        assertEquals("it did not prove itself within 5 s, and was killed", why());
    }

    @Test
    void whyIsWhatTheRuntimeSaidItself() throws Exception {
        file("next", NEW);
        plan(NEW, "1", "explain the modem is missing", "explain no message came back");
        start();
        assertEquals("bbbi", started());
        assertEquals("no message came back", why());
    }

    @Test
    void theImageCanBeGoneBackToAndProvesItselfToo() throws Exception {
        file("current", OLD);
        file("next", "image");
        plan("image", "1", "prove");
        start();
        assertEquals("ii", started());
        assertEquals("current", files());
        cut(script.orElseThrow());
        Files.writeString(folder.resolve("calls"), "");
        plan("image");
        start();
        assertEquals("i", started());
    }

    @Test
    void theImageThatDoesNotProveItselfGivesWayToTheSlot() throws Exception {
        file("current", OLD);
        file("next", "image");
        plan("image", "1", "1", "1");
        start();
        assertEquals("iiia", started());
    }

    @Test
    void aDamagedSlotIsLeftAtOnce() throws Exception {
        file("current", OLD);
        file("next", NEW);
        Files.delete(slots.resolve(NEW).resolve("lib/launcher.jar"));
        start();
        assertEquals("a", started());
        assertEquals("its files are damaged", why());
        assertEquals("current failed why", files());
        cut(script.orElseThrow());
        Files.writeString(folder.resolve("calls"), "");
        Files.write(slots.resolve(OLD).resolve("conf/factory.json"), new byte[0]);
        start();
        assertEquals("i", started());
        assertEquals("failed why", files());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"slot\":\"../../x\"}", "{\"slot\":\"\"}", "nonsense"})
    void aFileThatNamesNoSlotIsLeftAtOnce(String text) throws Exception {
        Files.writeString(slots.resolve("next"), text);
        start();
        assertEquals("i", started());
        assertEquals("failed why", files());
    }

    /** What a power cut can leave: the files, what starts then, and the files while that runs. */
    @ParameterizedTest
    @CsvSource({
        "'',i,''",
        "next,b,next.1",
        "next.1,b,next.2",
        "next.2,b,next.3",
        "next.3,i,failed why",
        "current:old,a,current",
        "next current:old,b,current next.1",
        "next.3 current:old,a,current failed why",
        "failed,i,failed",
        "failed current:old,a,current failed",
        "next.new,i,next.new",
        "next.new current:old,a,current next.new"
    })
    void eachStateThatAPowerCutCanLeaveHasOneAnswer(String left, String starts, String then) throws Exception {
        for (String name : left.isEmpty() ? new String[0] : left.split(" ")) {
            file(name.replace(":old", ""), name.endsWith(":old") ? OLD : NEW);
        }
        start();
        assertEquals(starts, started());
        assertEquals(then, files());
    }

    @Test
    void powerCutsOnProbationCountAsStarts() throws Exception {
        file("next", NEW);
        for (int start = 1; start <= 3; start++) {
            start();
            assertEquals("b".repeat(start), started());
            cut(script.orElseThrow());
            assertEquals("next." + start, files());
            Files.write(
                    folder.resolve("calls"),
                    calls().stream().filter(line -> !line.equals("waits")).toList());
        }
        start();
        assertEquals("bbbi", started());
        assertEquals("three starts were cut short", why());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aStopThatWasAskedForCountsAsNoStart(List<String> with) throws Exception {
        shell = with;
        file("next", NEW);
        Process running = start();
        assertEquals("b", started());
        assertEquals("next.1", files());
        running.destroy();
        assertTrue(running.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, running.exitValue());
        assertEquals("next", files());
    }

    @Test
    void aSlotThatEndsAgainAndAgainAfterItWasKeptIsLeftInTheEnd() throws Exception {
        program(folder.resolve("quick/sleep"), "#!/bin/sh\nexit 0\n");
        file("current", OLD);
        plan(OLD, "1", "1", "1", "1", "1", "1", "1", "1", "9");
        start();
        assertEquals("aaaaaaaaai", started());
        assertEquals("its process ended by itself 9 times soon after its start, the last time with 9", why());
    }

    @Test
    void aSlotsOwnJavaAndArchiveOfClassesAreTaken() throws Exception {
        file("current", OLD);
        Path own = slots.resolve(OLD).resolve("java/bin/java");
        program(
                own,
                "#!/bin/sh\ncd '" + folder + "'\necho \"own $1 waits\" >>calls\necho waits >>calls\nexec sleep 30\n");
        Files.writeString(slots.resolve(OLD).resolve("lib/gatehouse.jsa"), "");
        start();
        assertEquals("o", started());
        assertTrue(
                calls().get(0)
                        .contains("-XX:SharedArchiveFile=" + slots.resolve(OLD).resolve("lib/gatehouse.jsa")),
                calls().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--state|S", "--state=S", "-Dgatehouse.state=S", "-D|gatehouse.state=S", "--state|x|--state|S"})
    void theStateFolderIsFoundOnTheCommandLine(String arguments) throws Exception {
        settings("gatehouse.state=/nowhere\n");
        file("current", OLD);
        start(arguments.replace("S", slots.getParent().toString()).split("\\|"));
        assertEquals("a", started());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gatehouse.state=S", "  gatehouse.state : S  ", "gatehouse.state S", "\tgatehouse.state\t=\tS\r"
            })
    void theStateFolderIsFoundInTheSettings(String line) throws Exception {
        settings("# gatehouse.state=/nowhere\ngatehouse.statement=/nowhere\ngatehouse.state=/before\n"
                + line.replace("S", slots.getParent().toString()));
        file("current", OLD);
        start("--broker", "tcp://127.0.0.1:9");
        assertEquals("a", started());
    }

    @Test
    void anotherImageThanTheScriptsOwnHasNoSlots() throws Exception {
        file("current", OLD);
        file("next", NEW);
        start("--home", image.toString());
        assertEquals("i", started());
        assertEquals("current next", files());
    }

    @Test
    void refusesAProbationThatItCannotCount() throws Exception {
        Process process = start("-D", "gatehouse.probation=2 minutes");
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertEquals(
                "gatehouse-gateway: gatehouse.probation must be like PT120S: 2 minutes\n",
                Files.readString(folder.resolve("out")));
    }
}
