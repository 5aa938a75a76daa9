package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * One symbolic link for each bundle that is installed. The framework reads jars through them, by reference and without a
 * copy; a link that leads to another jar before the bundle is updated makes the framework open that one, while the
 * revision before keeps the file that it has open.
 */
final class Links {
    private final Path folder;

    private Links(Path folder) {
        this.folder = folder;
    }

    /** Starts with no link at all. */
    static Links clean(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder)) {
            for (Path link : old) {
                Files.delete(link);
            }
        }
        return new Links(folder);
    }

    /** Lets the bundle's link lead to this jar, in one instant. */
    void lead(String symbolicName, Path jar) throws IOException {
        Path fresh = folder.resolve(symbolicName + ".new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, jar);
        Files.move(fresh, link(symbolicName), StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(String symbolicName) throws IOException {
        Files.deleteIfExists(link(symbolicName));
    }

    /** Where the framework finds the bundle, whichever jar that is. */
    String location(String symbolicName) {
        return "reference:file:" + link(symbolicName).toUri().getRawPath();
    }

    private Path link(String symbolicName) {
        return folder.resolve(symbolicName + ".jar");
    }
}
