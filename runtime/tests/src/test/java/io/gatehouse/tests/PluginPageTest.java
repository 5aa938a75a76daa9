package io.gatehouse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/writing-a-plugin.md} names what the api is, and no other. */
final class PluginPageTest {
    private static final Path PAGE = Path.of("../../docs/writing-a-plugin.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(io\\.gatehouse\\.api\\.\\w+)` \\| ([0-9.]+) \\|");
    private static final Pattern JAVA = Pattern.compile("(?m)^\\| Java (\\d+) ");

    @Test
    void namesEachPackageWithItsVersion() throws IOException {
        Map<String, String> told = new TreeMap<>();
        ROW.matcher(Files.readString(PAGE)).results().forEach(row -> told.put(row.group(1), row.group(2)));
        assertEquals(ApiPackages.exported(), told);
    }

    @Test
    void namesTheJavaThatTheApiNeeds() throws IOException {
        String java = JAVA.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult row) -> row.group(1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(PAGE + " does not say which Java"));
        String needed = ApiPackages.header("Require-Capability");
        assertTrue(needed.contains("(osgi.ee=JavaSE)(version=" + java + ")"), needed);
    }
}
