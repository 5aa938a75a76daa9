package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "311-a1", "tunnel.open", "A_b", "status"})
    void takesLettersDigitsAndThreeSigns(String name) {
        assertTrue(Names.isName(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "_a", "a/b", "a b", "+", "#", "a+", "ä", "a\n", "$SYS"})
    void takesNothingElse(String name) {
        assertFalse(Names.isName(name));
    }

    @Test
    void takesUpTo64Characters() {
        assertTrue(Names.isName("x".repeat(64)));
        assertFalse(Names.isName("x".repeat(65)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.acme.Rain", "com.acme.Rain~roof", "com.acme.Rain~10.0.0.7"})
    void takesPidsOfComponentsAndOfInstances(String pid) {
        assertTrue(Names.isPid(pid));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "com.acme.Rain~", "~roof", "com.acme.Rain~roof~left", "com.acme.Rain~a/b"})
    void takesNoOtherPids(String pid) {
        assertFalse(Names.isPid(pid));
    }

    @Test
    void keepsTheProtocolsOwnWordsOutOfPaths() {
        assertEquals(List.of("world", "asia"), Names.levels("place", "world/asia"));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Names.levels("place", "world/claim"));
        assertEquals("place \"world/claim\": \"claim\" is a reserved word", e.getMessage());
    }
}
