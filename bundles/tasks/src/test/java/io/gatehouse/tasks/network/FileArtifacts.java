package io.gatehouse.tasks.network;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What a device makes, in a folder; nothing is fetched. */
final class FileArtifacts implements Artifacts {
    private final Path folder;
    private final long limit;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();

    FileArtifacts(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    int begun() {
        return begun.get();
    }

    int open() {
        return begun.get() - closed.get();
    }

    int kept() {
        return kept.get();
    }

    @Override
    public Draft draft() throws IOException {
        Path file = folder.resolve("draft-" + begun.incrementAndGet());
        Files.createFile(file);
        return new FileDraft(file);
    }

    @Override
    public Optional<Path> find(Sha256 sha256) {
        return Optional.of(folder.resolve(sha256.hex())).filter(Files::exists);
    }

    @Override
    public Path fetch(Artifact artifact, Progress progress) throws ArtifactUnavailable {
        throw new ArtifactUnavailable("unreachable", "nothing is fetched here: " + artifact.sha256(), null);
    }

    @Override
    public Path fetch(Artifact artifact, Path folder, Progress progress) {
        throw new AssertionError("unexpected fetch of " + artifact + " into " + folder);
    }

    @Override
    public long lacking(Collection<Artifact> artifacts) {
        return 0;
    }

    @Override
    public Hold hold(Set<Sha256> artifacts) {
        return () -> {};
    }

    @Override
    public void retain(Set<Sha256> wanted) {
        throw new UnsupportedOperationException("nothing is forgotten here");
    }

    private final class FileDraft implements Draft {
        private final Path file;
        private boolean isClosed;

        FileDraft(Path file) {
            this.file = file;
        }

        @Override
        public Path file() {
            return file;
        }

        @Override
        public long limit() {
            return limit;
        }

        @Override
        public Artifact keep(Duration life) throws IOException {
            long size = Files.size(file);
            if (size > limit || life.isNegative() || life.isZero()) {
                throw new IOException(size + " bytes for " + life + " are not kept");
            }
            Sha256 sha256 = Sha256.of(file);
            Files.move(file, folder.resolve(sha256.hex()));
            kept.incrementAndGet();
            return new Artifact(sha256, size, Optional.empty());
        }

        @Override
        public void close() {
            if (!isClosed) {
                isClosed = true;
                closed.incrementAndGet();
                file.toFile().delete();
            }
        }
    }
}
