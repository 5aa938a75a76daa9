package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Serves images into the folder that is asked for, and keeps what is made. */
final class FolderArtifacts implements Artifacts {
    final List<Artifact> fetched = new CopyOnWriteArrayList<>();
    final List<Artifact> begun = new CopyOnWriteArrayList<>();
    final List<Delta> deltas = new CopyOnWriteArrayList<>();
    volatile String failure = "";
    volatile Optional<CountDownLatch> fetching = Optional.empty();
    volatile Optional<CountDownLatch> stopping = Optional.empty();
    volatile boolean isStopping;
    private volatile Progress told = (bytes, size) -> {};
    private final Map<Sha256, byte[]> served = new ConcurrentHashMap<>();
    private final Path made;

    FolderArtifacts(Path made) throws IOException {
        this.made = Files.createDirectories(made);
    }

    Artifact serve(String image) {
        byte[] bytes = image.getBytes(StandardCharsets.UTF_8);
        Artifact artifact = new Artifact(Sha256.of(bytes), bytes.length, Optional.empty());
        served.put(artifact.sha256(), bytes);
        return artifact;
    }

    /** Tells whoever fetches that it goes on. */
    void progress(double share) {
        told.fetched((long) (share * 100), 100);
    }

    String made(String sha256) throws IOException {
        return Files.readString(made.resolve(sha256));
    }

    @Override
    public Path fetch(Artifact artifact, Path folder, Progress progress)
            throws ArtifactUnavailable, InterruptedException {
        Path file = folder.resolve(artifact.sha256().hex());
        try {
            if (Files.exists(file)) {
                return file;
            }
            Files.createDirectories(folder);
            begun.add(artifact);
            told = progress;
            Files.write(folder.resolve(artifact.sha256() + ".part"), new byte[1]);
            if (fetching.isPresent()) {
                await(fetching.get());
            }
            if (!failure.isEmpty()) {
                throw new ArtifactUnavailable(failure, "nobody has " + artifact.sha256(), null);
            }
            fetched.add(artifact);
            progress.fetched(artifact.size(), artifact.size());
            Files.delete(folder.resolve(artifact.sha256() + ".part"));
            return Files.write(file, served.get(artifact.sha256()));
        } catch (ArtifactUnavailable e) {
            throw e;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Whoever is interrupted may take his time until he stops, and hears nothing of another interrupt. */
    private void await(CountDownLatch latch) throws InterruptedException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            isStopping = true;
            while (stopping.isPresent() && stopping.get().getCount() > 0) {
                Thread.onSpinWait();
            }
            Thread.interrupted();
            throw e;
        }
    }

    /** Two bytes are in the first seed. */
    @Override
    public Path fetch(Artifact artifact, Delta delta, Path folder, Progress progress)
            throws ArtifactUnavailable, InterruptedException {
        deltas.add(delta);
        progress.reused(delta.seeds().isEmpty() ? 0 : 2);
        return fetch(artifact, folder, progress);
    }

    @Override
    public Draft draft() throws IOException {
        Path file = Files.createTempFile(made, "draft", "");
        return new Draft() {
            @Override
            public Path file() {
                return file;
            }

            @Override
            public long limit() {
                return 1 << 20;
            }

            @Override
            public Artifact keep(Duration life) throws IOException {
                Sha256 sha256 = Sha256.of(file);
                Path kept = Files.copy(file, made.resolve(sha256.hex()));
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
    public Optional<Path> find(Sha256 sha256) {
        throw new AssertionError("unexpected question for " + sha256);
    }

    @Override
    public Path fetch(Artifact artifact, Progress progress) {
        throw new AssertionError("unexpected fetch of " + artifact);
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
