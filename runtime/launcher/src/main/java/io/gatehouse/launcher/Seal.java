package io.gatehouse.launcher;

import io.gatehouse.software.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * Writes {@code conf/factory.json} from {@code bundles/*.jar}. The same jars give the same bytes. Bundles start in the
 * order of the symbolic names in {@code conf/start-order}, where there is one, and the others behind them by name. The
 * image's configurations by PID are what {@code conf/configurations.json} has, where there is one.
 */
final class Seal {
    private final Path home;

    Seal(Path home) {
        this.home = home;
    }

    /**
     * Seals the image.
     *
     * @return how many bundles it has
     */
    int write() throws Misuse {
        try {
            Map<String, Map<String, Object>> byName = bundles();
            List<Map<String, Object>> ordered = new ArrayList<>();
            for (String name : startOrder()) {
                Map<String, Object> first = byName.remove(name);
                if (first == null) {
                    throw new Misuse(
                            "conf/start-order names " + name + ", which no jar in bundles is, or names it twice");
                }
                ordered.add(first);
            }
            ordered.addAll(byName.values());
            Files.writeString(home.resolve("conf").resolve("factory.json"), text(ordered, configurations()));
            return ordered.size();
        } catch (IOException e) {
            throw new Misuse("cannot seal " + home, e);
        }
    }

    private Map<String, Map<String, Object>> bundles() throws IOException, Misuse {
        Map<String, Map<String, Object>> byName = new TreeMap<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(home.resolve("bundles"), "*.jar")) {
            for (Path jar : jars) {
                Part part = part(jar);
                Map<String, Object> bundle = new LinkedHashMap<>(Codec.write(part));
                bundle.put("path", "bundles/" + jar.getFileName());
                Map<String, Object> other = byName.put(part.symbolicName(), bundle);
                if (other != null) {
                    throw new Misuse(other.get("path") + " and " + bundle.get("path") + " are both the bundle "
                            + part.symbolicName() + "; remove one");
                }
            }
        } catch (NoSuchFileException e) {
            throw new Misuse("there is no folder " + home.resolve("bundles"), e);
        }
        return byName;
    }

    private static Part part(Path path) throws IOException, Misuse {
        try (JarFile jar = new JarFile(path.toFile())) {
            Manifest manifest = jar.getManifest();
            Attributes headers = manifest == null ? new Attributes() : manifest.getMainAttributes();
            String header = headers.getValue("Bundle-SymbolicName");
            if (header == null) {
                throw new Misuse(path + " is no bundle: its manifest has no Bundle-SymbolicName");
            }
            String name = header.split(";", 2)[0].strip();
            String version = headers.getValue("Bundle-Version");
            version = version == null ? "0.0.0" : version.strip();
            return Codec.checked(
                    new Part(id(jar, name, version), name, version, Digests.sha256(path), Files.size(path)));
        }
    }

    /** As Maven built it. A jar that embeds others has their coordinates too, so the bundle's own name decides. */
    private static String id(JarFile jar, String name, String version) throws IOException {
        Map<String, String> idByArtifact = new TreeMap<>();
        for (JarEntry entry : jar.stream().toList()) {
            if (entry.getName().matches("META-INF/maven/[^/]+/[^/]+/pom\\.properties")) {
                Properties pom = new Properties();
                try (InputStream in = jar.getInputStream(entry)) {
                    pom.load(in);
                }
                String artifact = pom.getProperty("artifactId", name);
                idByArtifact.put(
                        artifact,
                        pom.getProperty("groupId", name) + ":" + artifact + ":" + pom.getProperty("version", version));
            }
        }
        if (idByArtifact.size() == 1) {
            return idByArtifact.values().iterator().next();
        }
        return idByArtifact.getOrDefault(name, name + ":" + name + ":" + version);
    }

    private Map<String, Object> configurations() throws IOException {
        Path file = home.resolve("conf").resolve("configurations.json");
        return Files.exists(file) ? Json.read(Files.readString(file)) : Map.of();
    }

    private List<String> startOrder() throws IOException {
        Path file = home.resolve("conf").resolve("start-order");
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .map(line -> line.split("#", 2)[0].strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** One bundle a line, so that two images compare well. */
    private static String text(List<Map<String, Object>> bundles, Map<String, Object> configurations) {
        List<String> lines = bundles.stream().map(Json::write).toList();
        return "{\"bundles\":[\n" + String.join(",\n", lines) + "\n],\n\"configurations\":" + Json.write(configurations)
                + "}\n";
    }
}
