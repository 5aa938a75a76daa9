package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes small bundles. */
final class TestJars {
    private final Path folder;

    TestJars(Path folder) {
        this.folder = folder;
    }

    /** A bundle with these headers more, given as names and values in turn. */
    Path bundle(String symbolicName, String version, String... more) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", symbolicName);
        headers.put("Bundle-Version", version);
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return jar(headers, Map.of("content.txt", ("of " + symbolicName + " " + version).getBytes()));
    }

    Path jar(Map<String, String> headers, Map<String, byte[]> entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        Path file = Files.createTempFile(folder, "bundle", ".jar");
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            put(jar, "META-INF/MANIFEST.MF", null, manifest);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(jar, entry.getKey(), entry.getValue(), null);
            }
        }
        return file;
    }

    private static void put(JarOutputStream jar, String name, byte[] bytes, Manifest manifest) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(0);
        jar.putNextEntry(entry);
        if (manifest != null) {
            manifest.write(jar);
        } else {
            jar.write(bytes);
        }
        jar.closeEntry();
    }

    static Jar read(Path file) throws Refused {
        return Jar.read("test:" + file.getFileName() + ":1", file);
    }

    static Artifact artifact(Path file) throws IOException {
        return new Artifact(Sha256.of(file), Files.size(file), Optional.empty());
    }

    /** A feature of these bundles. */
    static Feature feature(String id, Path... files) throws IOException {
        List<Feature.Bundle> bundles = new java.util.ArrayList<>();
        for (Path file : files) {
            try {
                Jar jar = read(file);
                bundles.add(new Feature.Bundle("test:" + jar.symbolicName() + ":" + jar.version(), artifact(file)));
            } catch (Refused e) {
                bundles.add(new Feature.Bundle("test:unreadable:1", artifact(file)));
            }
        }
        return new Feature(id, bundles, Map.of());
    }
}
