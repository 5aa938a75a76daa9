package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The sources of all tests of this project, so that a page can be held to name none that there is not. */
final class TestSources {
    /** Two bundles may have a test of one name. */
    private final Map<String, List<Path>> files = new HashMap<>();

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
                all.filter(file -> file.toString().endsWith("Test.java"))
                        .forEach(file -> files.computeIfAbsent(name(file), name -> new ArrayList<>())
                                .add(file));
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

    /** Whether there is such a method in a class of that name. */
    boolean has(String test, String method) throws IOException {
        return has(test) && source(test).contains(" void " + method + "(");
    }

    /** The text of all classes of that name; there is one. */
    String source(String test) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files.get(test)) {
            text.append(Files.readString(file));
        }
        return text.toString();
    }
}
