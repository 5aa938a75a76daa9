package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The folder that runs by itself, for each processor. */
@ExtendWith(Images.class)
class TarTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration EMULATED_START = Duration.ofMinutes(8);

    @TempDir
    private Path folder;

    /** In memory: ext4 gives the emulator of a 32-bit processor positions in folders that do not fit. A kernel of 32 bits gives others. */
    private Path state;

    @BeforeEach
    void memory() throws Exception {
        Path memory = Path.of("/dev/shm");
        state = Files.createTempDirectory(Files.isWritable(memory) ? memory : folder, "gatehouse-state");
    }

    @AfterEach
    void forget() throws Exception {
        Ran.of(folder, "rm", "-rf", state.toString()).well();
    }

    @Test
    void startsWithTheJavaInsideWhereTheMachineHasNone(Images images) throws Exception {
        assumeX86();
        Path root = images.get("tar-x86-64").unpack(folder.resolve("root"));
        Map<String, String> environment = Map.of("PATH", busybox().toString(), "JAVA_HOME", "/nowhere");
        try (StartedGateway gateway = start(root, environment, START)) {
            String java = root.resolve("gatehouse/java/bin/java").toRealPath().toString();
            assertTrue(
                    gateway.handle()
                            .descendants()
                            .anyMatch(process ->
                                    process.info().command().orElse("").equals(java)),
                    () -> "no process of " + java);
        }
    }

    @Test
    void startsWithTheEngineThatWasAskedFor(Images images) throws Exception {
        assumeX86();
        images.get("tar-x86-64");
        Path made = folder.resolve("with an engine");
        Ran.of(
                        Path.of("").toAbsolutePath(),
                        "./build",
                        "tar-x86-64",
                        "--engine",
                        "rauc",
                        "--configurations",
                        "router/configurations.json",
                        "--out",
                        made.toString())
                .well();
        Image image = new Image("tar-x86-64", made);
        assertTrue(
                image.billOfMaterials().toString().contains("\"dbus-java-core\""),
                "what is in the engine is not billed");
        Path root = image.unpack(folder.resolve("root"));
        long bundles;
        try (Stream<Path> files = Files.list(root.resolve("gatehouse/bundles"))) {
            bundles = files.count();
        }
        try (StartedGateway gateway = start(root, Map.of("PATH", busybox().toString()), START)) {
            assertTrue(gateway.log().contains(" runs " + bundles + " bundles, started in"), gateway.log());
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "gatehouse.long", matches = "true")
    void keepsItsClassesForLaterStartsWhereItIs(Images images) throws Exception {
        assumeX86();
        Path root = images.get("tar-x86-64").unpack(folder.resolve("root"));
        String script = root.resolve("gatehouse/bin/gatehouse-gateway").toString();
        Ran archive = Ran.of(folder, "env", "-i", "PATH=" + busybox(), script, "archive");
        assertTrue(archive.well().contains("gatehouse.jsa: "), archive.said());
        Map<String, String> environment = Map.of("PATH", busybox().toString());
        try (StartedGateway gateway = start(root, environment, START)) {
            assertFalse(gateway.log().contains("[cds"), gateway.log());
        }
    }

    @ParameterizedTest
    @CsvSource({"arm64, arm64, qemu-aarch64-static", "armv7, armhf, qemu-arm-static"})
    void startsOnAnotherProcessor(String arch, String debian, String emulator, Images images) throws Exception {
        Ran.assumePrograms("image tar-" + arch, emulator);
        Path root = images.get("tar-" + arch).unpack(folder.resolve("root"));
        // The C library is all that the device has to have.
        Path system = folder.resolve("system");
        Ran.of(
                        Path.of("").toAbsolutePath(),
                        "sh",
                        "-c",
                        "IMAGES=.; . lib/say.sh; . lib/debian.sh; prepare_apt; unpack_packages '" + system + "' libc6:"
                                + debian)
                .wellUnlessLacking("image tar-" + arch);
        Emulation.of(root.resolve("gatehouse/java/bin/java"), system, emulator);
        try (StartedGateway gateway = start(root, Map.of("PATH", busybox().toString()), EMULATED_START)) {
            assertTrue(gateway.log().contains("127.0.0.1:9"), gateway.log());
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "gatehouse.long", matches = "true")
    void javaMadeAnewIsTheSameBytes(Images images) throws Exception {
        images.get("tar-x86-64");
        Path here = Path.of("").toAbsolutePath();
        Ran.of(here, "lib/java", "x86-64", folder.resolve("kept").toString()).well();
        Ran.of(here, "lib/java", "--anew", "x86-64", folder.resolve("anew").toString())
                .well();
        assertEquals("", Ran.of(folder, "diff", "-r", "kept", "anew").well());
    }

    private StartedGateway start(Path root, Map<String, String> environment, Duration patience) throws Exception {
        return StartedGateway.await(
                folder.resolve("log"),
                environment,
                patience,
                List.of(
                        root.resolve("gatehouse/bin/gatehouse-gateway").toString(),
                        "--state",
                        state.toString(),
                        "--device",
                        "test/image/1",
                        "-Dgatehouse.start.deadline=PT5M",
                        "--broker",
                        "tcp://127.0.0.1:9"));
    }

    /** A folder of the programs that a small device has: busybox's, and no Java. */
    private Path busybox() throws Exception {
        Ran.assumePrograms("a start without this machine's programs", "busybox");
        Path programs = folder.resolve("programs");
        if (Files.exists(programs)) {
            return programs;
        }
        Files.createDirectory(programs);
        Ran.of(
                        programs,
                        "sh",
                        "-euc",
                        "cp /bin/busybox .; for applet in $(busybox --list); do"
                                + " [ \"$applet\" = busybox ] || ln -s busybox \"$applet\"; done")
                .well();
        return programs;
    }

    private static void assumeX86() {
        assumeTrue(
                System.getProperty("os.arch").equals("amd64"),
                () -> "skipped: a start is not tried, because this is no x86-64 but " + System.getProperty("os.arch"));
    }
}
