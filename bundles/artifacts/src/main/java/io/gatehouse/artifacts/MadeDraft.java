package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** An artifact while this device makes it. */
final class MadeDraft implements Artifacts.Draft {
    private static final System.Logger LOG = System.getLogger(MadeDraft.class.getName());

    private final MadeArtifacts made;
    private final Path file;
    private final long limit;
    private boolean open = true;

    MadeDraft(MadeArtifacts made, Path file, long limit) {
        this.made = made;
        this.file = file;
        this.limit = limit;
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
        if (!open) {
            throw new IllegalStateException(file + " was kept or closed before");
        }
        if (life.isNegative() || life.isZero()) {
            throw new IllegalArgumentException("life must be more than nothing: " + life);
        }
        Stamp stamp = Stamp.of(file);
        if (stamp.size() > limit) {
            throw new ArtifactUnavailable(
                    "too-large", file + " has " + stamp.size() + " bytes, and may have " + limit, null);
        }
        sync();
        Sha256 sha256 = Sha256.of(file);
        if (!Stamp.of(file).equals(stamp)) {
            throw new IOException(file + " is still written to: what writes it must have ended before it is kept");
        }
        made.keep(this, MadeName.of(sha256, made.now(), life), stamp);
        open = false;
        return new Artifact(sha256, stamp.size(), Optional.empty());
    }

    /** Not by a channel, which an interrupt would close. */
    private void sync() throws ArtifactUnavailable {
        try (FileOutputStream out = new FileOutputStream(file.toFile(), true)) {
            out.getFD().sync();
        } catch (IOException e) {
            throw new ArtifactUnavailable("unwritable", "cannot bring " + file + " onto flash: " + e, e);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            made.let(this);
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "cannot delete " + file + "; it stays until the next start", e);
            }
        }
    }
}
