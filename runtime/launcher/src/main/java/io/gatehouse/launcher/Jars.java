package io.gatehouse.launcher;

import io.gatehouse.software.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Where the bytes of parts are: in the image or among the artifacts. */
final class Jars {
    private static final String FRAGMENT_HOST = "Fragment-Host";

    private final Image image;
    private final StateFolder state;

    Jars(Image image, StateFolder state) {
        this.image = image;
        this.state = state;
    }

    Optional<Path> find(String sha256) {
        Optional<Path> jar = image.jar(sha256).filter(Files::isRegularFile);
        return jar.isPresent() ? jar : Optional.of(state.artifact(sha256)).filter(Files::isRegularFile);
    }

    /** The part's jar, seen to have the right size. */
    Path of(Part part) throws ChangeFailed {
        Path jar = find(part.sha256())
                .orElseThrow(() -> new ChangeFailed(
                        "artifact-missing",
                        part.symbolicName() + " " + part.version() + ": there is no artifact " + part.sha256()));
        try {
            long size = Files.size(jar);
            if (size != part.size()) {
                throw new ChangeFailed("artifact-corrupt", jar + " has " + size + " bytes and not " + part.size());
            }
            return jar;
        } catch (IOException e) {
            throw new ChangeFailed("artifact-missing", "cannot read " + jar, e);
        }
    }

    /** The part's jar, seen to be what its digest says; reads it whole. */
    Path verified(Part part) throws ChangeFailed {
        Path jar = of(part);
        try {
            String sha256 = Digests.sha256(jar);
            if (!sha256.equals(part.sha256())) {
                throw new ChangeFailed("artifact-corrupt", jar + " has the digest " + sha256);
            }
            return jar;
        } catch (IOException e) {
            throw new ChangeFailed("artifact-missing", "cannot read " + jar, e);
        }
    }

    /** The symbolic name of the bundle to which this part is a fragment; nothing for other bundles or without the jar. */
    Optional<String> host(Part part) {
        Optional<Path> path = find(part.sha256());
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try (JarFile jar = new JarFile(path.get().toFile())) {
            Manifest manifest = jar.getManifest();
            String header =
                    manifest == null ? null : manifest.getMainAttributes().getValue(FRAGMENT_HOST);
            return Optional.ofNullable(header).map(host -> host.split(";", 2)[0].strip());
        } catch (IOException e) {
            // whoever installs it will say what is wrong with it
            return Optional.empty();
        }
    }
}
