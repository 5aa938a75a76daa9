package io.gatehouse.firmware.swupdate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the programs themselves; a slot is a file. */
final class SwUpdateTest {
    private static final int SMALL = 300_000;
    private static final int LARGE = 24 << 20;

    @TempDir
    Path folder;

    private final Map<String, Object> values = new HashMap<>();
    private final List<Process> daemons = new ArrayList<>();
    private Path slot;
    private Path sockets;
    private Images images;
    private Duration longestEnd = Duration.ofMinutes(1);

    @BeforeEach
    void make() throws Exception {
        for (String program : List.of("swupdate", "swupdate-client", "openssl")) {
            assumeTrue(Program.find(program).isPresent(), "this machine has no " + program);
        }
        slot = folder.resolve("slot");
        sockets = Files.createDirectory(folder.resolve("s"));
        images = new Images(Files.createDirectory(folder.resolve("images")), slot);
        values.put("check", options("swupdate"));
        values.put("install", new String[] {"env", "TMPDIR=" + sockets, "swupdate-client"});
        values.put("slot", new String[] {"echo", "/dev/mmcblk0p2"});
    }

    @AfterEach
    void end() {
        for (Process daemon : daemons) {
            daemon.descendants().forEach(ProcessHandle::destroyForcibly);
            daemon.destroyForcibly();
        }
    }

    @Test
    void writesAnImageThatIsGood() throws Exception {
        startDaemon();
        Path image = images.image(LARGE);
        engine().check(image);
        assertEquals(0, Files.size(slot), "a check writes nothing");
        List<Double> progress = new ArrayList<>();
        engine().install(image, progress::add);
        assertArrayEquals(Images.content(LARGE), Files.readAllBytes(slot));
        assertTrue(progress.stream().anyMatch(ratio -> ratio > 0 && ratio < 1), progress.toString());
        assertEquals(progress.stream().sorted().toList(), progress);
    }

    @Test
    void refusesAnImageWithAByteThatFlipped() throws Exception {
        Path image = images.image(SMALL);
        byte[] bytes = Files.readAllBytes(image);
        bytes[SMALL / 2] ^= 1;
        assertRefused("bad-image", "HASH mismatch", Files.write(image, bytes));
    }

    @Test
    void refusesAnImageThatIsCutOff() throws Exception {
        Path image = images.image(SMALL);
        byte[] half = new byte[SMALL / 2];
        System.arraycopy(Files.readAllBytes(image), 0, half, 0, half.length);
        assertRefused("bad-image", "HASH mismatch", Files.write(image, half));
    }

    @Test
    void refusesWhatIsNoImage() throws Exception {
        assertRefused("bad-image", "CPIO", Files.writeString(folder.resolve("text"), "x".repeat(5000)));
    }

    @Test
    void refusesAnImageThatASignerOfOthersSigned() throws Exception {
        images.stranger("stranger");
        assertRefused("bad-signature", "Authentication of all signatures", images.image("stranger", "1.0", SMALL));
    }

    @Test
    void refusesAnImageForOtherHardware() throws Exception {
        assertRefused("wrong-compatible", "not compatible with hardware", images.image("signer", "9.9", SMALL));
    }

    @Test
    void takesAConfigurationThatIsWrongForNoFaultOfTheImage() throws Exception {
        values.put("check", new String[] {
            "swupdate", "-B", "none", "-k", folder.resolve("no.pem").toString()
        });
        Path image = images.image(SMALL);
        IOException e = assertThrows(IOException.class, () -> engine().check(image));
        assertTrue(e.getMessage().contains("ended with code 1"), e.getMessage());
    }

    /** Of version 2022.12, {@code swupdate -c} deletes the sockets of a daemon that has the same folder for what is temporary. */
    @Test
    void checksInAFolderOfItsOwnWhichGoes() throws Exception {
        Path note = folder.resolve("note");
        values.put(
                "check",
                new String[] {"sh", "-c", "mkdir \"$TMPDIR/x\" && printf %s \"$TMPDIR\" > \"$0\"", note.toString()});
        engine().check(folder.resolve("image"));
        Path used = Path.of(Files.readString(note));
        assertFalse(Files.exists(used));
        assertEquals(Path.of(System.getProperty("java.io.tmpdir")), used.getParent());
    }

    @Test
    void refusesAtTheInstallationWhatNoCheckSaw() throws Exception {
        startDaemon();
        Path image = images.image(SMALL);
        byte[] bytes = Files.readAllBytes(image);
        bytes[SMALL / 2] ^= 1;
        Files.write(image, bytes);
        FirmwareRefused refused = assertThrows(FirmwareRefused.class, () -> engine().install(image, ratio -> {}));
        assertEquals("bad-image", refused.type());
        assertEquals(0, Files.size(slot));
    }

    @Test
    void canBeTriedAgainWhereNoDaemonRuns() throws Exception {
        Path image = images.image(SMALL);
        IOException e = assertThrows(IOException.class, () -> engine().install(image, ratio -> {}));
        assertTrue(e.getMessage().contains("none runs"), e.getMessage());
        startDaemon();
        engine().install(image, ratio -> {});
        assertArrayEquals(Images.content(SMALL), Files.readAllBytes(slot));
    }

    @Test
    void hasTheDaemonFreeAgainAfterAnInterrupt() throws Exception {
        startDaemon();
        Path large = images.image(LARGE);
        Path small = images.image(SMALL);
        assertThrows(InterruptedException.class, () -> installAndInterrupt(large, 0));
        engine().install(small, ratio -> {});
        try (InputStream in = Files.newInputStream(slot)) {
            assertArrayEquals(Images.content(SMALL), in.readNBytes(SMALL)); // behind it may be what was written before
        }
    }

    @Test
    void returnsFromAnInterruptWhenTheDaemonWritesNoMore() throws Exception {
        Path probed = startDaemonOfASlotThatBlocks();
        Path image = images.image(SMALL);
        FutureTask<Void> install = new FutureTask<>(() -> {
            installAndInterrupt(image, 1);
            return null;
        });
        Thread installing = new Thread(install);
        installing.start();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(probed));
        installing.interrupt(); // again, which makes it no shorter
        Files.deleteIfExists(probed);
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(probed));
        assertTrue(installing.isAlive());
        try (InputStream in = Files.newInputStream(slot)) {
            assertArrayEquals(Images.content(SMALL), in.readNBytes(SMALL));
        }
        ExecutionException end = assertThrows(ExecutionException.class, () -> install.get(1, TimeUnit.MINUTES));
        assertInstanceOf(InterruptedException.class, end.getCause());
    }

    @Test
    void saysThatTheDaemonStillWritesWhereItDoesNotEnd() throws Exception {
        startDaemonOfASlotThatBlocks();
        Path image = images.image(SMALL);
        longestEnd = Duration.ofSeconds(1);
        IOException end = assertThrowsExactly(IOException.class, () -> installAndInterrupt(image, 1));
        assertTrue(Thread.interrupted(), "whoever interrupted it is not told");
        assertEquals(
                "swupdate still installs what is no longer wanted, 1 s after its client was ended", end.getMessage());
        try (InputStream in = Files.newInputStream(slot)) {
            assertArrayEquals(Images.content(SMALL), in.readNBytes(SMALL), "it did write");
        }
    }

    /** A file is there whenever the daemon was asked whether it takes something. */
    private Path startDaemonOfASlotThatBlocks() throws Exception {
        Files.delete(slot);
        Program.configured(List.of("mkfifo", slot.toString())).runWell(); // which takes no more than is read of it
        Path probed = folder.resolve("probed");
        values.put("install", new String[] {
            "sh",
            "-c",
            "[ \"$1\" != -d ] || : > " + probed + "; TMPDIR=" + sockets + " exec swupdate-client \"$@\"",
            "sh"
        });
        startDaemon();
        Files.delete(probed);
        return probed;
    }

    @Test
    void saysWhichSlotRunsAndOnWhichBoard() throws Exception {
        values.put(
                "hardware",
                Files.writeString(folder.resolve("hwrevision"), "gw 1.0\n").toString());
        assertEquals(new RunningSystem("/dev/mmcblk0p2", "gw"), engine().running());
        assertEquals(List.of(Path.of("/dev/mmcblk0p2")), engine().seeds());
        values.put("slot", new String[] {"echo", "copy1"});
        assertEquals(List.of(), engine().seeds());
        assertTrue(engine().canFallBack());
    }

    /** With an interrupt as soon as that much of it was read. */
    private void installAndInterrupt(Path image, double ratio)
            throws FirmwareRefused, IOException, InterruptedException {
        engine().install(image, read -> {
            if (read >= ratio) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void assertRefused(String type, String detail, Path image) {
        FirmwareRefused refused = assertThrows(FirmwareRefused.class, () -> engine().check(image));
        assertEquals(type, refused.type(), refused.detail());
        assertTrue(refused.detail().contains(detail), refused.detail());
    }

    private String[] options(String program) {
        return new String[] {
            program, "-B", "none", "-k", images.authority().toString(), "--cert-purpose", "codeSigning", "-H", "gw:1.0"
        };
    }

    /** Returns when it takes images. */
    private void startDaemon() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        options(Program.find("swupdate").orElseThrow().command().get(0)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("daemon.log").toFile());
        builder.environment().put("TMPDIR", sockets.toString());
        daemons.add(builder.start());
        Program probe =
                Program.configured(List.of((String[]) values.get("install"))).with("-d", "/dev/null");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !probe.run().output().text().contains("swupdate_async_start returns"));
    }

    private SwUpdate engine() {
        return new SwUpdate(
                (SwUpdate.Settings) Proxy.newProxyInstance(
                        SwUpdate.Settings.class.getClassLoader(),
                        new Class<?>[] {SwUpdate.Settings.class},
                        (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue())),
                longestEnd);
    }
}
