package io.gatehouse.tasks;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Artifacts in a folder, which has all that can be fetched. */
public final class FolderArtifacts implements Artifacts {
    private final Path folder;
    private final long limit;
    private final Set<Sha256> held = new HashSet<>();

    public FolderArtifacts(Path folder, long limit) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.limit = limit;
    }

    /** Puts one there to be fetched. */
    public Artifact offer(byte[] bytes) throws IOException {
        Sha256 sha256 = Sha256.of(bytes);
        Files.write(file(sha256), bytes);
        return new Artifact(sha256, bytes.length, Optional.empty());
    }

    /** What is held now. */
    public Set<Sha256> held() {
        return held;
    }

    /** Drafts that nobody closed. */
    public long drafts() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".draft")).count();
        }
    }

    @Override
    public Optional<Path> find(Sha256 sha256) {
        return Optional.of(file(sha256)).filter(Files::exists);
    }

    @Override
    public Path fetch(Artifact artifact, Progress progress) throws ArtifactUnavailable {
        if (!held.contains(artifact.sha256())) {
            throw new AssertionError("fetched without being held: " + artifact.sha256());
        }
        Path file = find(artifact.sha256())
                .orElseThrow(() ->
                        new ArtifactUnavailable("unreachable", "nobody has " + artifact.sha256(), (Throwable) null));
        progress.fetched(artifact.size() / 2, artifact.size());
        progress.fetched(artifact.size(), artifact.size());
        return file;
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
        held.addAll(artifacts);
        return () -> held.removeAll(artifacts);
    }

    @Override
    public void retain(Set<Sha256> wanted) {
        throw new AssertionError("it is not for a command to forget artifacts");
    }

    @Override
    public Draft draft() throws IOException {
        Path draft = Files.createTempFile(folder, "", ".draft");
        return new Draft() {
            @Override
            public Path file() {
                return draft;
            }

            @Override
            public long limit() {
                return limit;
            }

            @Override
            public Artifact keep(Duration life) throws IOException {
                if (Files.size(draft) > limit) {
                    throw new IOException("larger than " + limit);
                }
                return offer(Files.readAllBytes(draft));
            }

            @Override
            public void close() {
                try {
                    Files.deleteIfExists(draft);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    private Path file(Sha256 sha256) {
        return folder.resolve(sha256.toString());
    }
}
