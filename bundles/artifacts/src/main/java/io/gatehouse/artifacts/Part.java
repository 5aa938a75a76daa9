package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts.Progress;
import io.gatehouse.api.artifact.Sha256;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The beginning of an artifact on disk. Its length is all that a later attempt needs to know. It is written from front to
 * back and nothing twice, which is what flash likes best.
 */
final class Part implements Closeable {
    private final Path file;
    private final Artifact artifact;
    private final Progress progress;
    // Not a FileChannel: an interrupt would close it in the middle of a write.
    private final FileOutputStream out;
    private long length;

    private Part(Path file, Artifact artifact, Progress progress, long length) throws IOException {
        this.file = file;
        this.artifact = artifact;
        this.progress = progress;
        this.length = length;
        this.out = new FileOutputStream(file.toFile(), true);
    }

    /** Goes on with what is there; what is longer than the artifact is none of it and starts anew. */
    static Part open(Path file, Artifact artifact, Progress progress) throws IOException {
        long length = Files.exists(file) ? Files.size(file) : 0;
        if (length > artifact.size()) {
            Files.delete(file);
            length = 0;
        }
        return new Part(file, artifact, progress, length);
    }

    /** The next byte that is needed. */
    long length() {
        return length;
    }

    boolean isWhole() {
        return length == artifact.size();
    }

    /**
     * Adds the next bytes.
     *
     * @throws ArtifactUnavailable where there are more than the artifact has, or they cannot be written
     */
    void append(byte[] bytes, int from, int count) throws ArtifactUnavailable {
        if (count > artifact.size() - length) {
            throw new ArtifactUnavailable(
                    "wrong-size",
                    artifact.sha256() + " must have " + artifact.size() + " bytes, and at least " + (length + count)
                            + " came",
                    null);
        }
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            throw new ArtifactUnavailable("unwritable", "cannot write byte " + length + " of " + file, e);
        }
        length += count;
        progress.fetched(length, artifact.size());
    }

    /**
     * Makes the whole part the artifact. The order survives a power cut: the bytes are on disk before the name is, and the
     * name is before anybody relies on it.
     *
     * @throws ArtifactUnavailable where it does not hash to what was asked for; then it is deleted
     */
    Path finish(Path target) throws IOException {
        out.getFD().sync();
        out.close();
        Sha256 found = Sha256.of(file);
        if (!found.equals(artifact.sha256())) {
            Files.delete(file);
            throw new ArtifactUnavailable(
                    "wrong-digest",
                    "what came for " + artifact.sha256() + " hashes to " + found + " and was thrown away",
                    null);
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        return target;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
