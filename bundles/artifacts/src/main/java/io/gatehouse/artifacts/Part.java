package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts.Progress;
import io.gatehouse.api.artifact.Sha256;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * The beginning of an artifact on disk. Its length is all that a later attempt needs to know. It is written from front to
 * back and nothing twice, which is what flash likes best, and hashed while the next bytes are on their way.
 */
final class Part implements Closeable {
    private static final System.Logger LOG = System.getLogger(Part.class.getName());
    private static final int BUFFER = 1 << 16;

    /** A power cut costs no more of it than that. More often would cost flash: each time the file system notes where the bytes are. */
    private static final int SYNCED = 8 << 20;

    private final Path file;
    private final Artifact artifact;
    private final Progress progress;
    // Not a FileChannel: an interrupt would close it in the middle of a write.
    private final FileOutputStream out;
    private final MessageDigest digest = Sha256.digest();
    private long length;
    private long unsynced;
    private long reused;

    private Part(Path file, Artifact artifact, Progress progress) throws IOException {
        this.file = file;
        this.artifact = artifact;
        this.progress = progress;
        this.length = Files.exists(file) ? hash(file, digest) : 0;
        this.out = new FileOutputStream(file.toFile(), true);
    }

    /** Goes on with what is there; what is longer than the artifact is none of it and starts anew. */
    static Part open(Path file, Artifact artifact, Progress progress) throws IOException {
        if (Files.exists(file) && Files.size(file) > artifact.size()) {
            Files.delete(file);
        }
        return new Part(file, artifact, progress);
    }

    private static long hash(Path file, MessageDigest digest) throws IOException {
        long length = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                length += read;
            }
        }
        return length;
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
     * @throws ArtifactUnavailable where there are more than the artifact has, and then it is deleted; or where they cannot
     *     be written
     */
    void append(byte[] bytes, int from, int count) throws ArtifactUnavailable {
        if (count > artifact.size() - length) {
            drop();
            throw new ArtifactUnavailable(
                    "wrong-size",
                    artifact.sha256() + " must have " + artifact.size() + " bytes, and at least " + (length + count)
                            + " came",
                    null);
        }
        try {
            out.write(bytes, from, count);
            unsynced += count;
            if (unsynced >= SYNCED) {
                sync();
            }
        } catch (IOException e) {
            throw new ArtifactUnavailable("unwritable", "cannot write byte " + length + " of " + file, e);
        }
        digest.update(bytes, from, count);
        length += count;
        progress.fetched(length, artifact.size());
    }

    /** Adds the next bytes, which the device had. */
    void reuse(byte[] bytes, int from, int count) throws ArtifactUnavailable {
        append(bytes, from, count);
        reused += count;
        progress.reused(reused);
    }

    /**
     * Makes the whole part the artifact. The order survives a power cut: the bytes are on disk before the name is, and the
     * name is before anybody relies on it.
     *
     * @param way how the last of it came, in words
     * @throws ArtifactUnavailable where it does not hash to what was asked for; then it is deleted
     */
    Path finish(Path target, String way) throws IOException {
        Sha256 found = Sha256.of(digest);
        if (!found.equals(artifact.sha256())) {
            drop();
            throw new ArtifactUnavailable(
                    "wrong-digest",
                    "what came " + way + " for " + artifact.sha256() + " hashes to " + found + " and was thrown away",
                    null);
        }
        out.getFD().sync();
        out.close();
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(target);
        return target;
    }

    /** The bytes, and that there is such a file. */
    private void sync() throws IOException {
        out.getFD().sync();
        unsynced = 0;
        try {
            syncFolder(file);
        } catch (ClosedByInterruptException e) {
            LOG.log(System.Logger.Level.DEBUG, "its name is on flash a little later, since this ends now", e);
        }
    }

    private static void syncFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Nothing of what is here is to be gone on with. */
    private void drop() throws ArtifactUnavailable {
        try {
            out.close();
            Files.delete(file);
        } catch (IOException e) {
            throw new ArtifactUnavailable("unwritable", "cannot delete " + file, e);
        }
    }

    /** Keeps what is here, to be gone on with. */
    @Override
    public void close() throws IOException {
        out.close();
        if (length == 0) {
            Files.deleteIfExists(file);
        }
    }
}
