package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where images are while they are needed: in a folder that nobody else tidies, so that what was fetched is there after any restart, or where their engine
 * wants them. What is not needed any more is deleted here and nowhere else.
 */
final class Images {
    private static final System.Logger LOG = System.getLogger(Images.class.getName());
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}(\\.part)?");

    private final Artifacts artifacts;
    private final Path own;

    Images(Artifacts artifacts, Path own) {
        this.artifacts = artifacts;
        this.own = own;
    }

    /** The image, where the whole of it is here. */
    Optional<Path> find(Engine engine, Sha256 sha256) {
        return Optional.of(folder(engine).resolve(sha256.hex())).filter(Files::isRegularFile);
    }

    /** Fetches what is missing of it. */
    Path fetch(Engine engine, Artifact image, Artifacts.Progress progress)
            throws ArtifactUnavailable, InterruptedException {
        return artifacts.fetch(image, folder(engine), progress);
    }

    /** Deletes all images but this one. */
    void forgetAllBut(Sha256 needed, Engine engine) {
        forget(Optional.of(engine), Optional.of(needed));
    }

    /** Deletes all images. */
    void forgetAll(Optional<Engine> engine) {
        forget(engine, Optional.empty());
    }

    private void forget(Optional<Engine> engine, Optional<Sha256> needed) {
        Optional<Path> elsewhere = engine.flatMap(one -> one.installer().folder());
        forget(own, elsewhere.isPresent() ? Optional.empty() : needed); // an engine before may have wanted it here
        elsewhere.ifPresent(folder -> forget(folder, needed));
    }

    private static void forget(Path folder, Optional<Sha256> needed) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean isNeeded =
                        needed.filter(sha256 -> name.startsWith(sha256.hex())).isPresent();
                if (NAME.matcher(name).matches() && !isNeeded) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot delete images that nothing needs", e);
        }
    }

    private Path folder(Engine engine) {
        return engine.installer().folder().orElse(own);
    }
}
