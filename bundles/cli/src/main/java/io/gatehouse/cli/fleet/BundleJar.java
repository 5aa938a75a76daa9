package io.gatehouse.cli.fleet;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * A JAR file that is an OSGi bundle.
 *
 * @param id {@code group:artifact:version}: Maven's where the file says them, otherwise from the symbolic name
 */
public record BundleJar(Path file, String id, String symbolicName, Sha256 sha256, long size) {
    private static final Pattern POM = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");
    private static final Pattern PART = Pattern.compile("[^:\\s/]+");

    /**
     * Reads a file.
     *
     * @throws Trouble if it is not there, cannot be read, or is no bundle
     */
    public static BundleJar read(Path file) throws Trouble {
        if (!Files.isRegularFile(file)) {
            throw new Trouble(Trouble.Kind.USAGE, "no such file: " + file);
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = Optional.ofNullable(jar.getManifest()).orElseGet(Manifest::new);
            Attributes headers = manifest.getMainAttributes();
            String symbolicName =
                    header(headers, "Bundle-SymbolicName").split(";", 2)[0].strip();
            if (symbolicName.isEmpty()) {
                throw new Trouble(
                        Trouble.Kind.USAGE,
                        file + " is not an OSGi bundle: its manifest has no Bundle-SymbolicName;"
                                + " build it with bnd-maven-plugin, as ./dev new-plugin sets up");
            }
            String id = mavenId(jar, symbolicName).orElseGet(() -> manifestId(symbolicName, headers));
            return new BundleJar(file, id, symbolicName, Sha256.of(file), Files.size(file));
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + file + " as a JAR file: " + e.getMessage(), e);
        }
    }

    /** {@code artifact} of the id. */
    public String artifactId() {
        return id.split(":", -1)[1];
    }

    Feature.Bundle bundle() {
        return new Feature.Bundle(id, new Artifact(sha256, size, Optional.empty()));
    }

    private static String header(Attributes headers, String name) {
        return Optional.ofNullable(headers.getValue(name)).orElse("").strip();
    }

    private static String manifestId(String symbolicName, Attributes headers) {
        int dot = symbolicName.lastIndexOf('.');
        String group = dot < 0 ? symbolicName : symbolicName.substring(0, dot);
        String version = header(headers, "Bundle-Version");
        return group + ":" + symbolicName + ":" + (version.isEmpty() ? "0.0.0" : version);
    }

    /** Of several (a bundle that embeds others names them all) the one that the bundle is called after. */
    private static Optional<String> mavenId(JarFile jar, String symbolicName) throws IOException {
        List<String> ids = new ArrayList<>();
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (POM.matcher(entry.getName()).matches()) {
                mavenId(jar, entry).ifPresent(ids::add);
            }
        }
        return ids.size() == 1
                ? Optional.of(ids.get(0))
                : ids.stream()
                        .filter(id -> id.split(":", -1)[1].equals(symbolicName))
                        .findFirst();
    }

    private static Optional<String> mavenId(JarFile jar, JarEntry entry) throws IOException {
        Properties pom = new Properties();
        try (InputStream in = jar.getInputStream(entry)) {
            pom.load(in);
        }
        List<String> parts = List.of(
                pom.getProperty("groupId", ""), pom.getProperty("artifactId", ""), pom.getProperty("version", ""));
        return parts.stream().allMatch(part -> PART.matcher(part).matches())
                ? Optional.of(String.join(":", parts))
                : Optional.empty();
    }
}
