package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SecurityPageTest {
    private static final Path PAGE = Path.of("../../SECURITY.md");
    private static final Path FUZZ = Path.of("../fuzz/pom.xml");

    @Test
    void namesTestsThatThereAre() throws IOException {
        TestSources tests = new TestSources();
        List<String> named = Pattern.compile("`(\\w+Test)`")
                .matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertTrue(named.size() > 20, named::toString);
        assertEquals(List.of(), named.stream().filter(test -> !tests.has(test)).toList());
    }

    @Test
    void saysToWhichFiguresTheTestsHoldIt() throws IOException {
        String page = Files.readString(PAGE);
        List<Long> runs = Pattern.compile("<fuzz\\.runs>(\\d+)</fuzz\\.runs>")
                .matcher(Files.readString(FUZZ))
                .results()
                .map(MatchResult::group)
                .map(found -> Long.parseLong(found.replaceAll("\\D", "")))
                .toList();
        assertTrue(
                page.contains(String.format(
                        Locale.ROOT, "%,d inputs each in `./dev test`, %,d with `--long`", runs.get(0), runs.get(1))),
                runs::toString);
        assertTrue(page.contains(String.format(Locale.ROOT, "%,d retained documents", FloodTest.DOCUMENTS)));
        assertTrue(page.contains((FloodTest.MOST_KIB >> 10) + " MiB resident"));
    }
}
