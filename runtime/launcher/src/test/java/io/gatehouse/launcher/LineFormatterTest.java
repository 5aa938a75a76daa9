package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LineFormatterTest {
    private static LogRecord entry(String message, Throwable thrown) {
        LogRecord entry = new LogRecord(Level.WARNING, message);
        entry.setLoggerName("io.gatehouse.x");
        entry.setInstant(Instant.parse("2026-01-02T03:04:05.006789Z"));
        entry.setThrown(thrown);
        return entry;
    }

    @Test
    void writesOneLine() {
        assertEquals(
                "2026-01-02T03:04:05.006Z WARNING io.gatehouse.x: message\n",
                new LineFormatter().format(entry("message", null)));
    }

    @Test
    void putsParametersAndCausesIntoTheLine() {
        LogRecord entry = entry(
                "cannot read {0}",
                new IllegalStateException("outer", new UncheckedIOException(new IOException("disk on fire"))));
        entry.setParameters(new Object[] {"x"});
        assertEquals(
                "2026-01-02T03:04:05.006Z WARNING io.gatehouse.x: cannot read x: IllegalStateException: outer;"
                        + " caused by UncheckedIOException; caused by IOException: disk on fire\n",
                new LineFormatter().format(entry));
    }

    @Test
    void nobodysTextLooksLikeARecordOfItsOwn() {
        assertEquals(
                "2026-01-02T03:04:05.006Z WARNING io.gatehouse.x: a b c\n",
                new LineFormatter().format(entry("a\nb\rc", null)));
    }

    @Test
    void tracesOnlyWhereTheLoggerTakesFine() {
        Logger logger = Logger.getLogger("io.gatehouse.x");
        Throwable thrown = new IOException("x");
        assertEquals(1, new LineFormatter().format(entry("m", thrown)).lines().count());
        logger.setLevel(Level.FINE);
        try {
            String text = new LineFormatter().format(entry("m", thrown));
            assertTrue(text.contains("\tat " + LineFormatterTest.class.getName()), text);
        } finally {
            logger.setLevel(null);
        }
    }

    @Test
    void aCauseThatIsItsOwnEndsTheChain() {
        IOException one = new IOException("one");
        one.initCause(new IOException("two", one));
        assertTrue(Causes.of(one).startsWith("IOException: one; caused by IOException: two"), Causes.of(one));
    }
}
