package io.gatehouse.testkit.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/testing-a-plugin.md shows stands in sources that are built and tested. */
final class TestingAPluginPageTest {
    private static final Path CHECKOUT = Path.of("../..");
    private static final Pattern SNIPPET = Pattern.compile("```(java|xml)\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetIsPartOfWhatIsTested() throws IOException {
        List<String> sources = new ArrayList<>(List.of(text(CHECKOUT.resolve("examples/hello/pom.xml"))));
        sources.addAll(tests("examples/hello"));
        sources.addAll(tests("testkit/gateway"));
        Matcher snippets = SNIPPET.matcher(Files.readString(CHECKOUT.resolve("docs/testing-a-plugin.md")));
        int count = 0;
        while (snippets.find()) {
            count++;
            String snippet = flat(snippets.group(2));
            assertTrue(sources.stream().anyMatch(source -> source.contains(snippet)), snippet);
        }
        assertTrue(count >= 4, count + " snippets");
    }

    private static List<String> tests(String folder) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(CHECKOUT.resolve(folder).resolve("src/test"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(text(file));
            }
        }
        return texts;
    }

    private static String text(Path file) throws IOException {
        return flat(Files.readString(file));
    }

    /** However its lines are broken. */
    private static String flat(String text) {
        return text.replaceAll("\\s+", "");
    }
}
