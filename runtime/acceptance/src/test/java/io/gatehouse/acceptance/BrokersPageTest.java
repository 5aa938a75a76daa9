package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BrokersPageTest {
    @Test
    void namesTestsThatThereAre() throws IOException {
        Matcher names = Pattern.compile("`(\\w+Test)\\.(\\w+)`").matcher(Files.readString(BrokersTest.PAGE));
        TestSources tests = new TestSources();
        int found = 0;
        for (; names.find(); found++) {
            assertTrue(tests.has(names.group(1), names.group(2)), names.group());
        }
        assertTrue(found > 0);
    }
}
