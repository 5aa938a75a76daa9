package io.gatehouse.cli.dev;

import io.gatehouse.cli.Jars;
import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A project on disk, which this Java's compiler builds as Maven would. */
final class Plugin {
    static final String RAIN = """
            package com.acme.rain;

            public class Rain {
                @Deprecated(since = "1")
                static final int LEAST = 3;

                /** How much. */
                public String read() {
                    return "much".substring(LEAST);
                }
            }
            """;

    private final Path folder;

    Plugin(Path folder) {
        this.folder = folder;
        write("pom.xml", "<project/>");
        write("bnd.bnd", "");
        write("src/main/java/com/acme/rain/Rain.java", RAIN);
    }

    Project project() {
        try {
            return Project.at(folder, true);
        } catch (Trouble e) {
            throw new IllegalStateException(e);
        }
    }

    Path file(String path) {
        return folder.resolve(path);
    }

    Path write(String path, String text) {
        try {
            Path file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the class say something else. */
    void replace(String what, String by) {
        if (!RAIN.contains(what)) {
            throw new IllegalArgumentException("not there: " + what);
        }
        write("src/main/java/com/acme/rain/Rain.java", RAIN.replace(what, by));
    }

    /** Compiles it, with these options beside the usual ones, and packs it. */
    Path build(String... more) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("target/classes"));
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", "-g", "-encoding", "UTF-8", "-d", classes.toString()));
        arguments.addAll(List.of(more));
        project().javaFiles().forEach(file -> arguments.add(file.toString()));
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException("does not compile: " + arguments);
        }
        Path bundle = Jars.jar(
                folder.resolve("target/rain.jar"),
                Map.of(
                        "Bundle-SymbolicName",
                        "com.acme.rain",
                        "Bundle-Version",
                        "1.2",
                        "Provide-Capability",
                        "io.gatehouse.publishes;topic=\"rain/much\""),
                Map.of("OSGI-INF/rain.xml", "<component/>"));
        return withClasses(bundle, classes);
    }

    private static Path withClasses(Path bundle, Path classes) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        try (FileSystem zip = FileSystems.newFileSystem(bundle)) {
            for (Map.Entry<String, byte[]> one : all.entrySet()) {
                Path file = zip.getPath(one.getKey());
                Files.createDirectories(file.getParent());
                Files.write(file, one.getValue());
            }
        }
        return bundle;
    }
}
