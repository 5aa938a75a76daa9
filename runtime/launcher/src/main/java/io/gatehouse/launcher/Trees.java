package io.gatehouse.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders with all that is in them. */
final class Trees {
    private Trees() {}

    /** Deletes a folder, if it is there. Links are deleted, not followed. */
    static void delete(Path folder) throws IOException {
        for (Path path : paths(folder)) {
            Files.delete(path);
        }
    }

    /** Has the names of all files of all folders on flash; the files' bytes are somebody else's care. */
    static void syncFolders(Path folder) throws IOException {
        for (Path path : paths(folder)) {
            if (Files.isDirectory(path)) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }

    /** What is deepest first, the folder itself last; nothing where there is none. */
    private static List<Path> paths(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
