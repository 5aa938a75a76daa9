package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.Firmware;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

    /** Fetches what is missing of its image, and is not in what runs either where the fleet says by which chunks to look. */
    Path fetch(Engine engine, Firmware firmware, Artifacts.Progress progress)
            throws ArtifactUnavailable, InterruptedException {
        if (firmware.chunks().isEmpty()) {
            return artifacts.fetch(firmware.image(), folder(engine), progress);
        }
        Artifacts.Delta delta = new Artifacts.Delta(firmware.chunks().get(), seeds(engine));
        return artifacts.fetch(firmware.image(), delta, folder(engine), progress);
    }

    private static List<Path> seeds(Engine engine) throws InterruptedException {
        try {
            return engine.installer().seeds();
        } catch (IOException | RuntimeException | LinkageError e) { // of the engine, which is somebody else's
            LOG.log(System.Logger.Level.WARNING, "engine " + engine.name() + " does not say where what runs is", e);
            return List.of();
        }
    }

    /** Deletes all but this one's image, and what it is fetched by. */
    void forgetAllBut(Firmware needed, Engine engine) {
        Stream<Artifact> kept = Stream.concat(Stream.of(needed.image()), needed.chunks().stream());
        forget(Optional.of(engine), kept.map(Artifact::sha256).toList());
    }

    /** Deletes all images. */
    void forgetAll(Optional<Engine> engine) {
        forget(engine, List.of());
    }

    private void forget(Optional<Engine> engine, List<Sha256> needed) {
        Optional<Path> elsewhere = engine.flatMap(one -> one.installer().folder());
        forget(own, elsewhere.isPresent() ? List.of() : needed); // an engine before may have wanted it here
        elsewhere.ifPresent(folder -> forget(folder, needed));
    }

    private static void forget(Path folder, List<Sha256> needed) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean isNeeded = needed.stream().anyMatch(sha256 -> name.startsWith(sha256.hex()));
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
