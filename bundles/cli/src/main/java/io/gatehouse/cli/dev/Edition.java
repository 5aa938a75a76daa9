package io.gatehouse.cli.dev;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a bundle that says another version of itself, and may have other classes. A signature would not hold for it, and is left out.
 *
 * @param version of the copy
 * @param topics at which its manifest declares that it publishes, maybe patterns of them
 * @param wasSigned whether the bundle bore a signature
 */
public record Edition(Path file, String version, List<String> topics, boolean wasSigned) {
    private static final Pattern SIGNATURE =
            Pattern.compile("META-INF/(?:SIG-[^/]*|[^/]+\\.(?:SF|RSA|DSA|EC))", Pattern.CASE_INSENSITIVE);
    private static final Pattern PUBLISHES =
            Pattern.compile("io\\.gatehouse\\.publishes((?:;[^;,\"=]+=(?:\"[^\"]*\"|[^;,\"]*))*)");
    private static final Pattern TOPIC = Pattern.compile(";topic(?::(?:List<)?String>?)?=(?:\"([^\"]*)\"|([^;,\"]*))");

    public Edition {
        topics = List.copyOf(topics);
    }

    /**
     * Writes one.
     *
     * @param qualifier becomes the last part of its version, or the end of that
     * @param classes that take the place of those of the same path
     */
    static Edition write(Path bundle, String qualifier, Map<String, byte[]> classes, Path to) throws IOException {
        try (JarFile jar = new JarFile(bundle.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            Attributes headers = manifest.getMainAttributes();
            String version = version(headers.getValue("Bundle-Version"), qualifier);
            headers.putValue("Bundle-Version", version);
            boolean wasSigned = jar.stream().anyMatch(Edition::isSignature);
            if (wasSigned) {
                manifest.getEntries().values().forEach(Edition::removeDigests);
            }
            try (OutputStream file = Files.newOutputStream(to);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                copy(jar, classes, out);
            }
            return new Edition(to, version, topics(headers.getValue("Provide-Capability")), wasSigned);
        }
    }

    private static void copy(JarFile jar, Map<String, byte[]> classes, JarOutputStream out) throws IOException {
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (entry.getName().equals(JarFile.MANIFEST_NAME) || isSignature(entry)) {
                continue;
            }
            JarEntry copy = new JarEntry(entry.getName());
            copy.setTime(entry.getTime());
            out.putNextEntry(copy);
            byte[] other = classes.get(entry.getName());
            if (other != null) {
                out.write(other);
            } else {
                try (InputStream in = jar.getInputStream(entry)) {
                    in.transferTo(out);
                }
            }
            out.closeEntry();
        }
    }

    private static boolean isSignature(JarEntry entry) {
        return SIGNATURE.matcher(entry.getName()).matches();
    }

    private static void removeDigests(Attributes attributes) {
        attributes.keySet().removeIf(name -> name.toString().endsWith("-Digest"));
    }

    /** What a header {@code Provide-Capability} says of topics. */
    static List<String> topics(@Nullable String capabilities) {
        List<String> topics = new ArrayList<>();
        Matcher declared = PUBLISHES.matcher(capabilities == null ? "" : capabilities);
        while (declared.find()) {
            Matcher topic = TOPIC.matcher(declared.group(1));
            while (topic.find()) {
                String named = topic.group(1) != null ? topic.group(1) : topic.group(2);
                topics.addAll(List.of(named.split("\\s*,\\s*")));
            }
        }
        return topics;
    }

    /** Three numbers and a qualifier, as OSGi has them. */
    static String version(@Nullable String version, String qualifier) {
        String[] parts = (version == null || version.isBlank() ? "0" : version.strip()).split("\\.", 4);
        StringBuilder whole = new StringBuilder();
        for (int part = 0; part < 3; part++) {
            whole.append(part < parts.length ? parts[part] : "0").append('.');
        }
        return whole + (parts.length > 3 ? parts[3] + "-" : "") + qualifier;
    }

    /** The classes in a bundle, by their paths. */
    static Map<String, byte[]> classes(Path bundle) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (JarFile jar = new JarFile(bundle.toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().endsWith(".class")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        classes.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        return classes;
    }
}
