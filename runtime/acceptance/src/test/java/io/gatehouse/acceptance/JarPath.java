package io.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Jars for a Java of their own: those of one broker would not go together with those of another, or of the tests. */
record JarPath(List<Path> jars) {
    /** The one that the module {@code brokers/<name>} wrote when it was built. */
    static JarPath of(String name) {
        Path file = Path.of("brokers", name, "target", "classpath");
        try {
            return parse(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": build runtime/acceptance/brokers/" + name, e);
        }
    }

    /** The one of this process. */
    static JarPath ofTests() {
        return parse(System.getProperty("java.class.path"));
    }

    private static JarPath parse(String path) {
        return new JarPath(Arrays.stream(path.split(java.io.File.pathSeparator))
                .map(Path::of)
                .toList());
    }

    JarPath and(Path more) {
        List<Path> all = new ArrayList<>(jars);
        all.add(more.toAbsolutePath());
        return new JarPath(all);
    }

    /** As the jar's name says it. */
    String version(String artifact) {
        Matcher name = named(artifact).matcher(jar(artifact).getFileName().toString());
        return name.matches() ? name.group(1) : "";
    }

    /** The jar of this artifact, whatever its version. */
    Path jar(String artifact) {
        Pattern name = named(artifact);
        return jars.stream()
                .filter(jar -> name.matcher(jar.getFileName().toString()).matches())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + artifact + " among " + jars));
    }

    private static Pattern named(String artifact) {
        return Pattern.compile(Pattern.quote(artifact) + "-(\\d.*)\\.jar");
    }

    /** As Java takes it. */
    @Override
    public String toString() {
        return String.join(
                java.io.File.pathSeparator, jars.stream().map(Path::toString).toList());
    }
}
