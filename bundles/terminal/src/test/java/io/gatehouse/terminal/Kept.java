package io.gatehouse.terminal;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Artifacts that are made here, in a folder. */
record Kept(Path folder, long limit) implements Artifacts {
    @Override
    public Optional<Path> find(Sha256 sha256) {
        return Optional.of(folder.resolve(sha256.hex())).filter(Files::exists);
    }

    @Override
    public Draft draft() throws IOException {
        Path file = Files.createTempFile(folder, "draft", "");
        return new Draft() {
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
                if (Files.size(file) > limit) {
                    throw new IOException("larger than " + limit);
                }
                Sha256 sha256 = Sha256.of(file);
                Path kept = Files.move(file, folder.resolve(sha256.hex()));
                return new Artifact(sha256, Files.size(kept), Optional.empty());
            }

            @Override
            public void close() {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        };
    }

    @Override
    public Path fetch(Artifact artifact, Progress progress) {
        throw new AssertionError("unexpected fetch of " + artifact);
    }

    @Override
    public Path fetch(Artifact artifact, Path folder, Progress progress) {
        throw new AssertionError("unexpected fetch of " + artifact + " into " + folder);
    }

    @Override
    public long lacking(Collection<Artifact> artifacts) {
        throw new AssertionError("unexpected question for room");
    }

    @Override
    public Hold hold(Set<Sha256> artifacts) {
        throw new AssertionError("unexpected hold");
    }

    @Override
    public void retain(Set<Sha256> wanted) {
        throw new AssertionError("unexpected retain");
    }
}
