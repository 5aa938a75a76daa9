package io.gatehouse.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Folders with all that is in them. */
final class Trees {
    private static final System.Logger LOG = System.getLogger(Trees.class.getName());

    private Trees() {}

    /** Deletes a folder, if it is there. Links are deleted, not followed. */
    static void delete(Path folder) throws IOException {
        for (Path path : paths(folder)) {
            Files.delete(path);
        }
    }

    /**
     * Deletes as much as can be of a file, or of a folder and what is in it. Links are deleted, not followed. A folder that is empty by then and cannot be
     * deleted itself, as one where a disk is mounted, is as good as deleted.
     *
     * @return what is left, and why
     */
    static List<String> deleteWhatGoes(Path one) {
        List<String> left = new ArrayList<>();
        try {
            Files.walkFileTree(one, new Deletion(left));
        } catch (IOException e) {
            left.add(words(one, e));
        }
        return left;
    }

    /** A path, and why something of it was not done. */
    static String words(Path path, Exception why) {
        return path + " (" + why.getClass().getSimpleName()
                + (why instanceof FileSystemException named && named.getReason() != null
                        ? ": " + named.getReason()
                        : "")
                + ")";
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        private final List<String> left;

        Deletion(List<String> left) {
            this.left = left;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            try {
                Files.delete(file);
            } catch (IOException e) {
                left.add(words(file, e));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException why) {
            left.add(words(path, why)); // a folder, too, of which nobody knows what is in it
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException why) {
            if (why != null) {
                left.add(words(folder, why));
                return FileVisitResult.CONTINUE;
            }
            try {
                Files.delete(folder);
            } catch (IOException e) {
                // it is empty, or what is in it is named already
                LOG.log(System.Logger.Level.INFO, "the folder stays: {0}", words(folder, e));
            }
            return FileVisitResult.CONTINUE;
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
