package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrokersPageTest {
    @Test
    void namesTestsThatThereAre() throws IOException {
        Matcher names = Pattern.compile("`(\\w+Test)\\.(\\w+)`").matcher(Files.readString(BrokersTest.PAGE));
        int found = 0;
        for (; names.find(); found++) {
            String test = source(names.group(1));
            assertTrue(test.contains(" void " + names.group(2) + "("), names.group());
        }
        assertTrue(found > 0);
    }

    private static String source(String test) throws IOException {
        for (String root : List.of("src/test/java", "../../bundles/transport.mqtt/src/test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                Optional<Path> file =
                        files.filter(path -> path.endsWith(test + ".java")).findFirst();
                if (file.isPresent()) {
                    return Files.readString(file.get());
                }
            }
        }
        throw new AssertionError("no " + test);
    }
}
