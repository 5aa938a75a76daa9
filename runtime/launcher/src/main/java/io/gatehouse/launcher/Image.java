package io.gatehouse.launcher;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The software that the device was made with, as {@code conf/factory.json} names it. Never written at run time. */
final class Image {
    private final List<Part> parts;
    private final Map<String, Map<String, Object>> configurations;
    private final Map<String, Path> jarBySha256;

    private Image(List<Part> parts, Map<String, Map<String, Object>> configurations, Map<String, Path> jarBySha256) {
        this.parts = List.copyOf(parts);
        this.configurations = Map.copyOf(configurations);
        this.jarBySha256 = jarBySha256;
    }

    static Image read(Path home) throws Misuse {
        Path file = home.resolve("conf").resolve("factory.json");
        List<Part> parts = new ArrayList<>();
        Map<String, Path> jars = new LinkedHashMap<>();
        try {
            Map<String, Object> factory = Json.read(Files.readString(file));
            for (Map<String, ?> bundle : Codec.objects(factory, "bundles")) {
                Part part = Codec.part(bundle);
                parts.add(part);
                jars.put(part.sha256(), home.resolve(Codec.needed(bundle, "path", String.class)));
            }
            return new Image(parts, Codec.configurations(factory), jars);
        } catch (NoSuchFileException e) {
            throw new Misuse("there is no " + file + "; name the image's folder with --home, or make the file with: "
                    + "gatehouse-gateway seal --home " + home);
        } catch (IOException e) {
            throw new Misuse("cannot use " + file, e);
        }
    }

    List<Part> parts() {
        return parts;
    }

    Map<String, Map<String, Object>> configurations() {
        return configurations;
    }

    Optional<Path> jar(String sha256) {
        return Optional.ofNullable(jarBySha256.get(sha256));
    }

    /** All parts that run with this document: the image's, each in its place or replaced there, then the others. */
    List<Part> under(Document document) {
        Map<String, Part> merged = new LinkedHashMap<>();
        parts.forEach(part -> merged.put(part.symbolicName(), part));
        document.parts().forEach(part -> merged.put(part.symbolicName(), part));
        return List.copyOf(merged.values());
    }
}
