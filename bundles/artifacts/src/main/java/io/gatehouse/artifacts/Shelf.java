package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts.Progress;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The folder of artifacts: each a file named by its digest, {@code <digest>.part} while it is fetched. */
final class Shelf {
    private static final String BEGUN = ".part";
    private static final String DISK = "unix:dev";
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})(\\.part)?");

    private final Path folder;
    private final long reserve;
    private final long limit;
    private final Room room;

    /** How many bytes the disk has left. */
    @FunctionalInterface
    interface Room {
        long usable(Path folder) throws IOException;
    }

    /**
     * Opens the folder, and creates it where it is not there.
     *
     * @param reserve bytes of the disk that are left alone
     * @param limit bytes that all artifacts may have together; 0 is as much as the disk has
     */
    Shelf(Path folder, long reserve, long limit, Room room) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.reserve = reserve;
        this.limit = limit;
        this.room = room;
    }

    /** One in another folder, possibly of another disk: with the same reserve there, and without a limit. */
    Shelf at(Path other) throws IOException {
        return new Shelf(other, reserve, 0, room);
    }

    /** Whether what is free for the other is free for this one. */
    boolean sharesDisk(Shelf other) throws IOException {
        return shareDisk(folder, other.folder);
    }

    /** Whether both are on one disk. */
    static boolean shareDisk(Path one, Path other) throws IOException {
        return Files.getAttribute(one, DISK).equals(Files.getAttribute(other, DISK));
    }

    Optional<Path> find(Sha256 sha256) {
        return Optional.of(folder.resolve(sha256.hex())).filter(Files::isRegularFile);
    }

    /** The artifact where it is here and still whole; what is here under its name and is not, is deleted. */
    Optional<Path> findWhole(Sha256 sha256) throws IOException {
        Optional<Path> here = find(sha256);
        if (here.isPresent() && !Sha256.of(here.get()).equals(sha256)) {
            Files.delete(here.get());
            return Optional.empty();
        }
        return here;
    }

    /** Begins an artifact, or goes on with it. */
    Part part(Artifact artifact, Progress progress) throws IOException {
        return Part.open(begun(artifact.sha256()), artifact, progress);
    }

    /**
     * Makes a whole part the artifact.
     *
     * @param way how the last of it came, in words
     * @throws io.gatehouse.api.artifact.ArtifactUnavailable where it hashes to something else; then it is deleted
     */
    Path finish(Part part, Artifact artifact, String way) throws IOException {
        return part.finish(folder.resolve(artifact.sha256().hex()), way);
    }

    /** Bytes that are missing to take all of these in; 0 where they fit. */
    long lacking(Collection<Artifact> artifacts) throws IOException {
        long needed = 0;
        Set<Sha256> counted = new HashSet<>();
        for (Artifact artifact : artifacts) {
            if (counted.add(artifact.sha256()) && find(artifact.sha256()).isEmpty()) {
                needed += Math.max(0, artifact.size() - size(begun(artifact.sha256())));
            }
        }
        if (needed == 0) {
            return 0;
        }
        long lacking = needed - (room.usable(folder) - reserve);
        if (limit > 0) {
            lacking = Math.max(lacking, stored() + needed - limit);
        }
        return Math.max(0, lacking);
    }

    /** Deletes all artifacts but these. Files that are none are left alone. */
    void retain(Set<Sha256> wanted) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && !wanted.contains(new Sha256(name.group(1)))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path begun(Sha256 sha256) {
        return folder.resolve(sha256.hex() + BEGUN);
    }

    private long stored() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                bytes += Files.isRegularFile(file) ? size(file) : 0;
            }
        }
        return bytes;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
