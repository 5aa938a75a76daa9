package io.gatehouse.testkit.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The runtime's folder, out of this artifact: unpacked when it is first asked for, for this process alone, and deleted when that ends. */
final class ShippedRuntime {
    private static final String ZIP = "gateway.zip";

    private ShippedRuntime() {}

    /** The folder with {@code bin}, {@code lib}, {@code bundles} and {@code conf}. */
    static Path home() {
        return Unpacked.HOME.join();
    }

    /** Begins to unpack it, where nobody did yet. */
    static void unpackMeanwhile() {
        var unused = Unpacked.HOME;
    }

    /** Begun by whoever is first. */
    private static final class Unpacked {
        static final CompletableFuture<Path> HOME = CompletableFuture.supplyAsync(ShippedRuntime::unpack);
    }

    /** Deletes it and all below it; what cannot be deleted stays. */
    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // in a folder for what is temporary; a process that was just killed may still end
        }
    }

    private static Path unpack() {
        try {
            Path home = Files.createTempDirectory("gatehouse-testkit-runtime-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(home), "gatehouse testkit clean-up"));
            try (InputStream resource = ShippedRuntime.class.getResourceAsStream(ZIP)) {
                if (resource == null) {
                    throw new IllegalStateException("this artifact has no " + ZIP + ": it was not built by Maven");
                }
                unpack(resource, home);
            }
            Path program = home.resolve("bin").resolve("gatehouse-gateway");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the runtime to " + System.getProperty("java.io.tmpdir"), e);
        }
    }

    private static void unpack(InputStream zipped, Path home) throws IOException {
        ZipInputStream zip = new ZipInputStream(zipped);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            Path file = home.resolve(entry.getName()).normalize();
            if (!file.startsWith(home)) {
                throw new IOException("the archive leads out of its folder: " + entry.getName());
            }
            if (entry.isDirectory()) {
                Files.createDirectories(file);
            } else {
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }
}
