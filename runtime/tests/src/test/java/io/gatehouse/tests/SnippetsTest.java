package io.gatehouse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every block of Java in {@code docs} compiles; those of testing-a-plugin.md stand in sources, which the testkit's own tests hold. */
final class SnippetsTest {
    private static final Path DOCS = Path.of("../../docs");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> compiles() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.endsWith("testing-a-plugin.md"))
                    .sorted()
                    .toList()) {
                snippets.addAll(Snippet.of(page));
            }
        }
        assertTrue(snippets.size() >= 4, snippets::toString);
        List<String> packages = List.copyOf(ApiPackages.exported().keySet());
        return snippets.stream()
                .map(snippet -> DynamicTest.dynamicTest(
                        snippet.page().getFileName() + ":" + snippet.line(),
                        () -> assertEquals(List.of(), snippet.errors(packages, folder))));
    }

    @Test
    void findsWhatDoesNotCompileAndSaysWhereOnThePage() {
        List<String> page = List.of("# Page", "```java", "class A {", "    Reading read = Reading.ever();", "}", "```");
        List<String> errors = Snippet.of(Path.of("page.md"), page)
                .get(0)
                .errors(List.copyOf(ApiPackages.exported().keySet()), folder);
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).startsWith("page.md:4: cannot find symbol"), errors::toString);
    }

    @Test
    void takesStatementsToo() {
        List<String> page = List.of("```java", "import java.math.BigInteger;", "Object one = BigInteger.ONE;", "```");
        assertEquals(List.of(), Snippet.of(Path.of("page.md"), page).get(0).errors(List.of(), folder));
    }
}
