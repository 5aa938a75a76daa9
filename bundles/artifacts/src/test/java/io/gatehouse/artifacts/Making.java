package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts.Draft;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** Makes artifacts, in a folder that outlives its processes. */
final class Making implements AutoCloseable {
    static final long LIMIT = 1 << 20;

    private final Path folder;
    private final MovedTime time = new MovedTime();
    private long limit = LIMIT;
    private long disk = Long.MAX_VALUE / 2;
    private MadeArtifacts made;

    Making(Path folder) {
        this.folder = folder;
        this.made = opened();
    }

    MadeArtifacts made() {
        return made;
    }

    MovedTime time() {
        return time;
    }

    /** What the disk has from here on, for this and all else. */
    void disk(long bytes) {
        disk = bytes;
    }

    /** What is free on it. */
    long free() throws IOException {
        return disk - files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    /** What is set from the next start on. */
    void limit(long bytes) {
        limit = bytes;
    }

    /** As after a power cut: what ends does nothing to its files. */
    void restart() {
        made.close();
        made = opened();
    }

    private MadeArtifacts opened() {
        return new MadeArtifacts(new MadeFolder(folder, 0, at -> free()), limit, time.time());
    }

    static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    Artifact keep(byte[] bytes, Duration life) throws IOException {
        try (Draft draft = made.draft()) {
            Files.write(draft.file(), bytes);
            return draft.keep(life);
        }
    }

    List<Sha256> kept() {
        return made.list().stream().map(MadeArtifacts.Listed::sha256).toList();
    }

    Optional<byte[]> read(Sha256 sha256) throws IOException, InterruptedException {
        Optional<RandomAccessFile> found = made.open(sha256);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (RandomAccessFile file = found.get()) {
            byte[] bytes = new byte[(int) file.length()];
            file.seek(0);
            file.readFully(bytes);
            return Optional.of(bytes);
        }
    }

    /** The file of one that is kept. */
    Path file(Sha256 sha256) throws IOException {
        return files().stream()
                .filter(file -> String.valueOf(file.getFileName()).startsWith(sha256.hex()))
                .findFirst()
                .orElseThrow();
    }

    List<Path> files() throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Override
    public void close() {
        made.close();
    }
}
