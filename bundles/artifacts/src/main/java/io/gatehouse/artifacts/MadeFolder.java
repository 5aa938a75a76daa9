package io.gatehouse.artifacts;

import io.gatehouse.protocol.WholeFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where what this device makes lies: files by {@link MadeName}, and {@code *.draft} while they are made. There is no folder before the
 * first. Only its owner reads there: a capture has in it what others said.
 */
final class MadeFolder {
    private static final String DRAFT = ".draft";

    private final Path path;
    private final long reserve;
    private final Shelf.Room room;

    /**
     * A folder, which need not be there.
     *
     * @param reserve bytes of the disk that are left alone
     */
    MadeFolder(Path path, long reserve, Shelf.Room room) {
        this.path = path;
        this.reserve = reserve;
        this.room = room;
    }

    /** What is there, oldest first. Drafts that a power cut left are removed; other files are left alone. */
    List<MadeName> open() throws IOException {
        List<MadeName> names = new ArrayList<>();
        if (!Files.isDirectory(path)) {
            return names;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                Optional<MadeName> made = MadeName.parse(name);
                if (made.isPresent()) {
                    names.add(made.get());
                } else if (name.endsWith(DRAFT)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        names.sort(Comparator.comparing(MadeName::made).thenComparing(MadeName::toString));
        return names;
    }

    /** Makes the folder where it is not there. */
    void make() throws IOException {
        if (!Files.isDirectory(path)) {
            WholeFile.makeFolder(path);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    /** A new, empty file, whose name no draft had before: a program that outlives its draft writes into no other. */
    Path draft() throws IOException {
        return Files.createTempFile(path, "", DRAFT);
    }

    /** Bytes that the disk has beyond its reserve; negative where it has less. */
    long usable() throws IOException {
        return room.usable(path) - reserve;
    }

    Path file(MadeName name) {
        return path.resolve(name.toString());
    }

    /** Gives a draft, whose bytes are on disk, its name. When this returns, that outlives a power cut. */
    void keep(Path draft, MadeName name) throws IOException {
        Files.move(draft, file(name), StandardCopyOption.ATOMIC_MOVE);
        WholeFile.sync(path);
    }

    void delete(MadeName name) throws IOException {
        Files.deleteIfExists(file(name));
    }
}
