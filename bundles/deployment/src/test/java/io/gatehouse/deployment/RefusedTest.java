package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RefusedTest {
    private static final Path PAGE = Path.of("../../docs/operating.md");
    private static final Pattern REFUSED = Pattern.compile("new Refused\\(\\s*(?:\"([^\"]*)\"|(\\w+)),");

    @Test
    void operatorsCanReadWhatToDoAboutEachType() throws IOException {
        String rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `refused`"))
                .collect(Collectors.joining("\n"));
        Set<String> missing = types();
        assertTrue(missing.size() > 10, missing::toString);
        missing.removeIf(type -> rows.contains("`" + type + "`"));
        assertEquals(Set.of(), missing, "not among what is refused in " + PAGE);
    }

    private static Set<String> types() throws IOException {
        List<Path> sources;
        try (Stream<Path> all = Files.list(Path.of("src/main/java/io/gatehouse/deployment"))) {
            sources = all.filter(Files::isRegularFile).toList();
        }
        Set<String> types = new TreeSet<>();
        for (Path source : sources) {
            String text = Files.readString(source);
            for (Matcher refused = REFUSED.matcher(text); refused.find(); ) {
                types.add(refused.group(1) != null ? refused.group(1) : constant(refused.group(2), text));
            }
        }
        return types;
    }

    private static String constant(String name, String text) {
        Matcher value = Pattern.compile("String " + name + " = \"([^\"]*)\"").matcher(text);
        assertTrue(value.find(), name);
        return value.group(1);
    }
}
