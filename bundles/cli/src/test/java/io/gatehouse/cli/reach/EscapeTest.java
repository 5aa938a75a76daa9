package io.gatehouse.cli.reach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class EscapeTest {
    private final Escape escape = new Escape();

    @Test
    void isATildeAndADotAtTheBeginningOfALine() {
        assertEquals("ls\r", pass("ls\r~"));
        assertFalse(escape.isTyped());
        assertEquals("", pass(".never"));
        assertTrue(escape.isTyped());
    }

    @Test
    void isTypedAlsoBeforeAnythingElse() {
        assertEquals("", pass("~."));
        assertTrue(escape.isTyped());
    }

    @Test
    void isNoneWithinALine() {
        assertEquals("cd ~.\recho ~~\r", pass("cd ~.\recho ~~\r"));
        assertFalse(escape.isTyped());
    }

    @Test
    void makesOneTildeOfTwoAtTheBeginningOfALine() {
        assertEquals("~\r~.x", pass("~~\r~~.x"));
        assertFalse(escape.isTyped());
    }

    @Test
    void givesTheTildeBackWhereAnotherKeyFollows() {
        assertEquals("~/bin/x\r~\r", pass("~/bin/x\r~\r"));
        assertEquals("", pass("~."));
        assertTrue(escape.isTyped());
    }

    private String pass(String keys) {
        return new String(escape.without(keys.getBytes(UTF_8), keys.length()), UTF_8);
    }
}
