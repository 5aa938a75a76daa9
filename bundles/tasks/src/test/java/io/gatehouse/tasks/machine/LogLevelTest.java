package io.gatehouse.tasks.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogLevelTest {
    private final LogLevel command = new LogLevel();

    @Test
    void setsALevelAndSaysWhichItWas() {
        assertEquals(
                Map.of("logger", "io.gatehouse.test.a", "old", "INHERIT", "new", "FINE"),
                set("io.gatehouse.test.a", "FINE"));
        assertEquals(
                Map.of("logger", "io.gatehouse.test.a", "old", "FINE", "new", "INHERIT"),
                set("io.gatehouse.test.a", "inherit"));
    }

    @Test
    void reachesWhatIsLoggedThere() {
        set("io.gatehouse.test.b", "TRACE");
        assertTrue(System.getLogger("io.gatehouse.test.b").isLoggable(System.Logger.Level.TRACE));
    }

    @Test
    void holdsALoggerThatNobodyElseHolds() {
        set("io.gatehouse.test.c", "FINEST");
        System.gc();
        assertEquals(Level.FINEST, Logger.getLogger("io.gatehouse.test.c").getLevel());
    }

    /** Otherwise it would go, with the loggers that it holds, whenever the last who uses it goes. */
    @Test
    void livesAsLongAsItsBundle() throws IOException {
        try (InputStream in = LogLevel.class.getResourceAsStream("LogLevel.class")) {
            // what Declarative Services reads is not kept for reflection, but in the class file
            String file = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(file.contains("RuntimeInvisibleAnnotations") && file.contains("immediate"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SEVERE, SEVERE",
        "error, SEVERE",
        "Warning, WARNING",
        "INFO, INFO",
        "CONFIG, CONFIG",
        "DEBUG, FINE",
        "FINER, FINER",
        "TRACE, FINER",
        "ALL, ALL",
        "OFF, OFF"
    })
    void knowsTheNamesOfBothKinds(String name, String level) {
        assertEquals(level, set("io.gatehouse.test.d", name).get("new"));
    }

    @ParameterizedTest
    @CsvSource({
        "LOUD, 'level must be OFF, SEVERE or ERROR, WARNING, INFO, CONFIG, FINE or DEBUG, FINER or TRACE, FINEST, ALL or INHERIT: LOUD'",
        "800, 'level must be OFF, SEVERE or ERROR, WARNING, INFO, CONFIG, FINE or DEBUG, FINER or TRACE, FINEST, ALL or INHERIT: 800'"
    })
    void namesTheLevelsWhereItIsNone(String level, String message) {
        assertEquals(
                message, assertThrows(BadArgument.class, () -> set("x", level)).getMessage());
    }

    @Test
    void refusesANameThatIsNoLoggers() {
        assertThrows(BadArgument.class, () -> set("x\ny", "INFO"));
        assertThrows(BadArgument.class, () -> set("x".repeat(257), "INFO"));
        BadArgument e = assertThrows(BadArgument.class, () -> command.handle(Asked.with(Map.of("level", "INFO"))));
        assertEquals("logger is missing", e.getMessage());
    }

    @Test
    void holdsNoMoreThanItMay() {
        for (int at = 0; at < 256; at++) {
            set("io.gatehouse.test.many." + at, "INHERIT");
        }
        Outcome outcome = command.handle(Asked.with(Map.of("logger", "one.more", "level", "INFO")));
        assertEquals("too-many", ((Outcome.Refused) outcome).problem().type());
        set("io.gatehouse.test.many.7", "INFO");
    }

    private Map<String, ?> set(String logger, String level) {
        return ((Outcome.Done) command.handle(Asked.with(Map.of("logger", logger, "level", level)))).result();
    }
}
