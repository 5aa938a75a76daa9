package io.gatehouse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The manifest of each of our bundles is what src/test/resources/manifests says, so that no change of what a bundle
 * imports, exports, needs or provides goes unseen. {@code -Dmanifests.write=true} writes them anew.
 */
final class ManifestsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/manifests");
    private static final boolean WRITE = Boolean.getBoolean("manifests.write");

    @TestFactory
    Stream<DynamicTest> manifestIsTheGoldenOne() {
        List<Path> ours = ShippedGateway.bundles().stream()
                .filter(file -> file.getFileName().toString().startsWith("io.gatehouse."))
                .toList();
        assertTrue(ours.size() >= 10, "our bundles in " + ShippedGateway.home() + ": " + ours);
        return ours.stream().map(file -> DynamicTest.dynamicTest(name(file), () -> check(file)));
    }

    private static void check(Path file) throws IOException {
        Path golden = GOLDEN.resolve(name(file) + ".txt");
        String manifest = manifest(file);
        if (WRITE) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, manifest);
        }
        assertEquals(Files.readString(golden), manifest);
    }

    private static String manifest(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Map<String, String> headers = new TreeMap<>();
            jar.getManifest()
                    .getMainAttributes()
                    .forEach((name, value) -> headers.put(name.toString(), clauses(value.toString())));
            return headers.entrySet().stream()
                    .map(header -> header.getKey() + ":\n    " + header.getValue())
                    .collect(Collectors.joining("\n", "", "\n"));
        }
    }

    /** One clause a line, where a comma is outside of quotes. */
    private static String clauses(String value) {
        return String.join(",\n    ", value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("-[0-9].*", "").replaceFirst("\\.jar$", "");
    }
}
