package io.gatehouse.testkit.archetype;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A repository for a Maven that a test runs: what Gatehouse publishes, as this very build made it, which need not be installed anywhere, and beside it
 * all that Maven loaded from others so far.
 */
final class LocalRepository {
    private static final Path OURS = Path.of("io", "gatehouse");

    private LocalRepository() {}

    /**
     * Completes the folder into which the build copied Gatehouse's artifacts.
     *
     * @param others Maven's own repository, into which goes what it loads by this one
     */
    static Path complete(Path folder, Path others) throws IOException {
        link(folder, others, OURS.getName(0));
        link(folder.resolve(OURS.getName(0)), others.resolve(OURS.getName(0)), OURS.getName(1));
        return folder.toAbsolutePath();
    }

    private static void link(Path folder, Path others, Path butFor) throws IOException {
        try (Stream<Path> entries = Files.list(others)) {
            for (Path entry : entries.toList()) {
                Path link = folder.resolve(entry.getFileName());
                if (!entry.getFileName().equals(butFor) && !Files.exists(link)) {
                    Files.createSymbolicLink(link, entry.toAbsolutePath());
                }
            }
        }
    }

    /** Puts an artifact of Gatehouse's into one, made of its classes and its pom. */
    static void put(Path repository, String artifact, String version, Path classes, Path pom) throws IOException {
        Path folder = Files.createDirectories(
                repository.resolve(OURS).resolve(artifact).resolve(version));
        Path base = folder.resolve(artifact + "-" + version);
        Files.writeString(Path.of(base + ".pom"), Files.readString(pom));
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(Path.of(base + ".jar")));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
            }
        }
    }
}
