package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The script over slots that hold nothing, and a stand-in for Java that does as it is told. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
abstract class SupervisedSlots {
    static final String OLD = "a".repeat(64);
    static final String NEW = "b".repeat(64);
    private static final String CUT = "nobody lived to tell";

    @TempDir
    Path folder;

    Path image;
    Path slots;
    List<String> shell = List.of("/bin/sh");
    Optional<Process> script = Optional.empty();

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
        script.ifPresent(SupervisedSlots::cut);
    }

    static void cut(Process script) {
        List<ProcessHandle> all = script.descendants().toList();
        script.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        script.onExit().join();
        all.forEach(handle -> handle.onExit().join());
    }

    static void program(Path file, String text) throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void probation(String time) throws Exception {
        settings("gatehouse.state = " + slots.getParent() + " \ngatehouse.probation=" + time + "\n");
    }

    void settings(String text) throws Exception {
        Files.writeString(image.resolve("conf/gateway.properties"), text);
    }

    /** What the runtime does at its starts, one after the other; afterwards it waits. */
    void plan(String name, String... acts) throws Exception {
        Files.write(folder.resolve("plan." + name), List.of(acts));
    }

    void file(String name, String slot) throws Exception {
        Optional<String> sha256 = slot.equals("image") ? Optional.empty() : Optional.of(slot);
        RuntimeSlot wanted = new RuntimeSlot("1.2", sha256, Map.of("t", "d"));
        new WholeFiles(slots).write(name, new Trial(wanted, Map.of(), Set.of()).write());
    }

    Process start(String... arguments) throws Exception {
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
    String started() throws Exception {
        await().atMost(40, TimeUnit.SECONDS).until(() -> calls().contains("waits"));
        return calls().stream()
                .filter(line -> line.contains(" "))
                .map(line -> line.substring(0, 1))
                .collect(Collectors.joining());
    }

    List<String> calls() throws Exception {
        return Files.readAllLines(folder.resolve("calls"));
    }

    String why() throws Exception {
        return Files.exists(slots.resolve("why"))
                ? Files.readString(slots.resolve("why")).strip()
                : CUT;
    }

    String files() throws Exception {
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
}
