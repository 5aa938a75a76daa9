package io.gatehouse.launcher;

import io.gatehouse.software.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle, made on the fly. */
final class Jar {
    private final String symbolicName;
    private final String version;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private Jar(String symbolicName, String version) {
        this.symbolicName = symbolicName;
        this.version = version;
        headers.put("Import-Package", "org.osgi.framework,io.gatehouse.software");
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", symbolicName);
        headers.put("Bundle-Version", version);
    }

    static Jar bundle(String symbolicName, String version) {
        return new Jar(symbolicName, version);
    }

    Jar header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Jar activator(Class<?> type) {
        return type(type).header("Bundle-Activator", type.getName());
    }

    Jar type(Class<?> type) {
        String path = type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
            entries.put(path, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Jar word(String word) {
        return entry("word.txt", word);
    }

    Jar entry(String path, String text) {
        entries.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    void write(Path path) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(path), manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
    }

    /** Puts it among the artifacts of a state folder. */
    Part artifact(Path state) throws IOException {
        Path artifacts = Files.createDirectories(state.resolve("artifacts"));
        Path fresh = artifacts.resolve("new.part");
        write(fresh);
        String sha256 = Digests.sha256(fresh);
        Files.move(fresh, artifacts.resolve(sha256));
        return new Part(
                "test:" + symbolicName + ":" + version,
                symbolicName,
                version,
                sha256,
                Files.size(artifacts.resolve(sha256)));
    }
}
