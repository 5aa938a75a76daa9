package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The firmware of the router that the tests update, made by {@code device-images} from the gateway as it is shipped. */
final class RouterImages {
    private static final Path BUILD =
            Path.of("../../device-images/router/make").toAbsolutePath().normalize();
    private static final long LONGEST_BUILD_MINUTES = 10;

    /** How {@code make} ends where Debian's packages cannot be had. */
    private static final int NO_DEBIAN = 75;

    /** What is told apart of two of them. */
    enum Variant {
        /** Does as it should. */
        GOOD("good"),
        /** Its kernel panics before the gateway starts. */
        PANICS("panic"),
        /** Its gateway runs, and finds no broker. */
        SILENT("offline");

        private final String word;

        Variant(String word) {
            this.word = word;
        }
    }

    private final Path folder;

    /** Keeps what is made in this folder. */
    RouterImages(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The disk of a router as it leaves the factory, which is not to be written to. */
    Path disk(int version) throws IOException {
        return made(version, Variant.GOOD).resolve("disk.img");
    }

    /** What its engine takes. */
    Path firmware(int version, Variant variant) throws IOException {
        return made(version, variant).resolve("firmware-" + name(version) + ".raucb");
    }

    /** What its engine writes to a slot. */
    Path system(int version, Variant variant) throws IOException {
        return made(version, variant).resolve("rootfs.squashfs");
    }

    /** What people call it. */
    static String name(int version) {
        return "V" + version;
    }

    /** Made where it is not there, or older than what it is made of; one at a time, as tests that run beside each other take the same ones. */
    private Path made(int version, Variant variant) throws IOException {
        Path out = folder.resolve(name(version) + "-" + variant.word);
        try (FileChannel untilClosed = FileChannel.open(
                Files.createDirectories(folder).resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            untilClosed.lock();
            make(version, variant, out);
        }
        return out;
    }

    private void make(int version, Variant variant, Path out) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                BUILD.toString(),
                "--arch",
                "x86",
                "--version",
                name(version),
                "--sequence",
                String.valueOf(version),
                "--out",
                out.toString()));
        if (variant != Variant.GOOD) {
            command.addAll(List.of("--variant", variant.word));
        }
        run(command, folder.resolve(out.getFileName() + ".log"));
    }

    private static void run(List<String> command, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            boolean isEnded = process.waitFor(LONGEST_BUILD_MINUTES, TimeUnit.MINUTES);
            Assumptions.assumeFalse(
                    isEnded && process.exitValue() == NO_DEBIAN,
                    () -> "skipped: Debian's packages cannot be had; see " + log);
            if (!isEnded || process.exitValue() != 0) {
                throw new AssertionError(
                        String.join(" ", command) + " did not end well; it said:\n" + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("no longer wanted: " + command, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
