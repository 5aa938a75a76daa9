package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An image that was made.
 *
 * @param name as {@code ./dev image} calls it
 * @param folder what was made
 */
record Image(String name, Path folder) {
    /** Makes it, in a folder that is not there yet. Skips the test where Debian's packages for it cannot be had. */
    static Image make(String name, Path folder) throws IOException, InterruptedException {
        Ran.of(Path.of(""), "./build", name, "--out", folder.toString()).wellUnlessLacking("image " + name);
        return new Image(name, folder);
    }

    /** The one file whose name ends so. */
    Path file(String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(end)).toList();
            assertTrue(found.size() == 1, () -> folder + " has not one file ..." + end + ": " + found);
            return found.get(0);
        }
    }

    JsonObject billOfMaterials() throws IOException {
        return json(folder.resolve("sbom.cdx.json"));
    }

    static JsonObject json(Path file) throws IOException {
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(file))) {
            return reader.readObject();
        }
    }

    /** All files of the image, as they are on the device, in this folder. */
    Path unpack(Path to) throws IOException, InterruptedException {
        Files.createDirectories(to);
        if (name.startsWith("tar")) {
            untar(file(".tar.gz"), to);
        } else if (name.equals("deb")) {
            Ran.of(to, "dpkg-deb", "-x", file(".deb").toString(), ".").well();
        } else if (name.equals("openwrt")) {
            Path parts = Files.createDirectories(to.resolveSibling(to.getFileName() + ".parts"));
            untar(file(".ipk"), parts);
            untar(parts.resolve("data.tar.gz"), to);
        } else {
            for (Path layer : layers()) {
                untar(layer, to);
            }
        }
        return to;
    }

    /** The layers of a container's image, the lowest first. */
    List<Path> layers() throws IOException {
        JsonObject index = json(folder.resolve("oci/index.json"));
        JsonObject manifest = json(blob(index.getJsonArray("manifests").getJsonObject(0)));
        return manifest.getJsonArray("layers").getValuesAs(JsonObject.class).stream()
                .map(this::blob)
                .toList();
    }

    Path blob(JsonObject descriptor) {
        return folder.resolve("oci/blobs/" + descriptor.getString("digest").replace(':', '/'));
    }

    static void untar(Path archive, Path to) throws IOException, InterruptedException {
        Ran.of(to, "tar", "-xpf", archive.toString()).well();
    }
}
