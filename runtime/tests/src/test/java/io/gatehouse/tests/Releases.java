package io.gatehouse.tests;

import aQute.bnd.version.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What releases left in {@code cnf/releases}, a folder each, named as its version: what plug-ins compiled against, and one that did. */
final class Releases {
    private static final Path FOLDER = Path.of("../../cnf/releases");

    private Releases() {}

    /** The last one's folder. */
    static Path last() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(Files::isDirectory)
                    .max(Comparator.comparing(Releases::version))
                    .orElseThrow(() -> new IllegalStateException("no release in " + FOLDER.toAbsolutePath()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + FOLDER, e);
        }
    }

    static Path lastApi() {
        return last().resolve("io.gatehouse.api.jar");
    }

    private static Version version(Path folder) {
        return Version.parseVersion(folder.getFileName().toString());
    }
}
