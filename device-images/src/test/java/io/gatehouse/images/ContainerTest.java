package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The image for containers: as other tools read it, and run. */
@ExtendWith(Images.class)
class ContainerTest {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration EMULATED_START = Duration.ofMinutes(8);

    @TempDir
    private Path folder;

    @Test
    void isReadBySkopeo(Images images) throws Exception {
        Ran.assumePrograms("what others read of a container's image", "skopeo");
        Image image = images.get("container-x86-64");
        String said = Ran.of(
                        folder, "skopeo", "inspect", "oci:" + image.folder().resolve("oci"))
                .well();
        JsonObject seen = Json.createReader(new StringReader(said)).readObject();
        assertEquals("amd64", seen.getString("Architecture"));
        assertEquals("linux", seen.getString("Os"));
        assertEquals(2, seen.getJsonArray("Layers").size());
        // Copying checks every digest, also those of the layers as they are unpacked.
        Ran.of(folder, "skopeo", "copy", "oci:" + image.folder().resolve("oci"), "docker-archive:copy.tar:gatehouse:1")
                .well();
    }

    @Test
    void runsAsNobodyInParticularInAContainer(Images images) throws Exception {
        Ran.assumeRoot("a container");
        Ran.assumePrograms("a container", "umoci", "runc");
        Image image = images.get("container-x86-64");
        String version = image.billOfMaterials()
                .getJsonObject("metadata")
                .getJsonObject("component")
                .getString("version");
        Path bundle = folder.resolve("bundle");
        Ran.of(folder, "umoci", "unpack", "--image", image.folder().resolve("oci") + ":" + version, bundle.toString())
                .well();
        Path config = bundle.resolve("config.json");
        // The network of the host; no cgroups of its own, which not every machine has; and the volume, for which umoci
        // puts a folder
        // of root's, as the image has it, which is what engines make of it.
        String text = Ran.of(
                        folder,
                        "jq",
                        ".process.terminal = false | .process.args += [\"--device\", \"test/image/1\", \"--broker\","
                                + " \"tcp://127.0.0.1:9\"] | .linux.namespaces |= map(select(.type != \"network\"))"
                                + " | del(.linux.resources)"
                                + " | .mounts |= map(select(.destination != \"/var/lib/gatehouse\"))",
                        config.toString())
                .well();
        Files.writeString(config, text);
        try (StartedGateway gateway = StartedGateway.await(
                folder.resolve("log"),
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                START,
                List.of(
                        "runc",
                        "run",
                        "--bundle",
                        bundle.toString(),
                        "gatehouse-test-" + ProcessHandle.current().pid()))) {
            List<ProcessHandle> inside = gateway.handle().descendants().toList();
            assertTrue(inside.size() >= 2, inside.toString());
            for (ProcessHandle process : inside) {
                assertEquals(990, Files.getAttribute(Path.of("/proc/" + process.pid()), "unix:uid"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"arm64, qemu-aarch64-static", "armv7, qemu-arm-static"})
    @EnabledIfSystemProperty(named = "gatehouse.long", matches = "true")
    void runsOnAnotherProcessor(String arch, String emulator, Images images) throws Exception {
        Ran.assumePrograms("image container-" + arch, emulator);
        Path root = images.get("container-" + arch).unpack(folder.resolve("root"));
        String busybox = root.resolve("bin/busybox").toString();
        assertEquals(
                "runs\n",
                Ran.of(folder, emulator, "-L", root.toString(), busybox, "echo", "runs")
                        .well());
        Path home = root.resolve("usr/share/gatehouse");
        // The script is run by this machine's shell: not every kernel starts programs of other processors by itself.
        Emulation.of(home.resolve("java/bin/java"), root, emulator);
        // In memory: ext4 gives the emulator of a 32-bit processor positions in folders that do not fit.
        Path memory = Path.of("/dev/shm");
        Path state = Files.createTempDirectory(Files.isWritable(memory) ? memory : folder, "gatehouse-state");
        try (StartedGateway gateway = StartedGateway.await(
                folder.resolve("log"),
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                EMULATED_START,
                List.of(
                        home.resolve("bin/gatehouse-gateway").toString(),
                        "--state",
                        state.toString(),
                        "--device",
                        "test/image/1",
                        "-Dgatehouse.start.deadline=PT5M",
                        "--broker",
                        "tcp://127.0.0.1:9"))) {
            assertTrue(gateway.log().contains("127.0.0.1:9"), gateway.log());
        } finally {
            Ran.of(folder, "rm", "-rf", state.toString()).well();
        }
    }

    @Test
    void runsFromItsLayersAlone(Images images) throws Exception {
        Ran.assumeRoot("a start in the image's own root");
        Ran.assumePrograms("a start in the image's own root", "unshare", "chroot");
        Path root = images.get("container-x86-64").unpack(folder.resolve("root"));
        assertEquals(990, Files.getAttribute(root.resolve("var/lib/gatehouse"), "unix:uid"));
        try (StartedGateway gateway = StartedGateway.await(
                folder.resolve("log"),
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                START,
                OwnRoot.command(
                        root,
                        "990:990",
                        List.of(
                                "/usr/share/gatehouse/bin/gatehouse-gateway",
                                "--device",
                                "test/image/1",
                                "--broker",
                                "tcp://127.0.0.1:9")))) {
            assertTrue(Files.exists(root.resolve("var/lib/gatehouse/lock")), gateway.log());
        }
    }
}
