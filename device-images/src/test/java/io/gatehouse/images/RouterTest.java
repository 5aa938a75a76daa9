package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The router, as far as runtime/acceptance does not try it. */
@ExtendWith(Images.class)
@EnabledIfSystemProperty(named = "gatehouse.long", matches = "true")
class RouterTest {
    /** What a system says first on the console, by RAUC's service: its kernel and its init run. */
    private static final String SYSTEM_STARTS = "Using central status file";

    private static final Duration START = Duration.ofMinutes(8);

    @TempDir
    private Path folder;

    @Test
    void isTheSameDiskEachTimeItIsMade(Images images) throws Exception {
        Path first = images.get("router-x86").folder();
        Path second = Image.make("router-x86", folder.resolve("another folder")).folder();
        for (String file : new String[] {"disk.img", "rootfs.squashfs", "sbom.cdx.json"}) {
            assertEquals(-1, Files.mismatch(first.resolve(file), second.resolve(file)), file);
        }
    }

    @Test
    void startsOnArm64(Images images) throws Exception {
        Ran.assumePrograms("image router-arm64", "qemu-system-aarch64");
        Path disk = folder.resolve("disk.img");
        Path made = images.get("router-arm64").folder().resolve("disk.img");
        Ran.of(folder, "cp", "--sparse=always", made.toString(), disk.toString())
                .well();
        Path console = folder.resolve("console");
        Process machine = new ProcessBuilder(
                        "router/run", disk.toString(), "--arch", "arm64", "--console", console.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            Awaitility.await("the console to say: " + SYSTEM_STARTS)
                    .atMost(START)
                    .until(() -> said(console).contains(SYSTEM_STARTS) || !machine.isAlive());
            String log = Files.readString(folder.resolve("log"));
            if (!said(console).contains(SYSTEM_STARTS)) {
                throw new AssertionError("the machine ended: " + log + said(console));
            }
        } finally {
            machine.destroyForcibly().waitFor();
        }
    }

    private static String said(Path console) throws IOException {
        return Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1) : "";
    }
}
