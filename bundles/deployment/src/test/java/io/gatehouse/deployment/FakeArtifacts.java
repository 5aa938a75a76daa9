package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Artifacts that are served, fail or hang as the test says. */
final class FakeArtifacts implements Artifacts {
    final Map<Sha256, Path> served = new ConcurrentHashMap<>();
    final Map<Sha256, Path> here = new ConcurrentHashMap<>();
    final List<Set<Sha256>> retained = new CopyOnWriteArrayList<>();
    final List<Set<Sha256>> held = new CopyOnWriteArrayList<>();
    final CountDownLatch hanging = new CountDownLatch(1);
    volatile String failure = "unreachable";
    volatile boolean hangs;
    volatile long lacking;
    volatile long lackingAfterEviction;

    @Override
    public Optional<Path> find(Sha256 sha256) {
        return Optional.ofNullable(here.get(sha256));
    }

    @Override
    public Path fetch(Artifact artifact, Progress progress) throws ArtifactUnavailable, InterruptedException {
        Path file = served.get(artifact.sha256());
        if (file == null && hangs) {
            hanging.countDown();
            new CountDownLatch(1).await();
        }
        if (file == null) {
            throw new ArtifactUnavailable(failure, "nobody has " + artifact.sha256(), null);
        }
        progress.fetched(artifact.size(), artifact.size());
        here.put(artifact.sha256(), file);
        return file;
    }

    @Override
    public Path fetch(Artifact artifact, Path folder, Progress progress) {
        throw new AssertionError("unexpected fetch of " + artifact + " into " + folder);
    }

    @Override
    public long lacking(Collection<Artifact> artifacts) {
        return lacking;
    }

    @Override
    public Draft draft() {
        throw new AssertionError("nothing is made here");
    }

    @Override
    public Hold hold(Set<Sha256> artifacts) {
        held.add(artifacts);
        return () -> held.remove(artifacts);
    }

    @Override
    public void retain(Set<Sha256> wanted) {
        retained.add(wanted);
        here.keySet()
                .removeIf(sha256 ->
                        !wanted.contains(sha256) && held.stream().noneMatch(artifacts -> artifacts.contains(sha256)));
        lacking = lackingAfterEviction;
    }
}
