package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The sources of all tests of this project, so that a page can be held to name none that there is not. */
final class TestSources {
    private final Map<String, Path> files = new HashMap<>();

    TestSources() throws IOException {
        for (String root : List.of("../../bundles", "../../runtime")) {
            try (Stream<Path> modules = Files.list(Path.of(root))) {
                for (Path module : modules.toList()) {
                    add(module.resolve("src/test/java"));
                }
            }
        }
    }

    private void add(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                all.filter(file -> file.toString().endsWith("Test.java")).forEach(file -> files.put(name(file), file));
            }
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    /** Whether there is a class of this name. */
    boolean has(String test) {
        return files.containsKey(test);
    }

    /** Whether there is such a method in that class. */
    boolean has(String test, String method) throws IOException {
        return has(test) && source(test).contains(" void " + method + "(");
    }

    /** The text of a class that there is. */
    String source(String test) throws IOException {
        return Files.readString(files.get(test));
    }
}
