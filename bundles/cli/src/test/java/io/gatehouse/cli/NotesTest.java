package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NotesTest {
    private final Notes notes = new Notes();

    @Test
    void saysEachNoteOnce() {
        assertEquals(List.of("reply 1"), notes.take("reply 1"));
        assertEquals(List.of(), notes.take("reply 1"));
        assertEquals(List.of("reply 2"), notes.take("reply 2"));
        assertEquals(List.of(), notes.take(""));
        assertEquals(List.of(), notes.rest());
    }

    @Test
    void putsTheLinesOfATextTogether() {
        assertEquals(List.of("one"), notes.take("one\ntw"));
        assertEquals(List.of(), notes.take("o and"));
        assertEquals(List.of("two and a half", "three"), notes.take(" a half\nthree\nfo"));
        assertEquals(List.of("fo"), notes.rest());
        assertEquals(List.of(), notes.rest());
    }

    @Test
    void saysALineOfATextAgainWhereItCameAgain() {
        assertEquals(List.of("tick"), notes.take("tick\n"));
        assertEquals(List.of("tick"), notes.take("tick\n"));
    }

    @Test
    void keepsNoMoreOfALineThanOneMayBeLong() {
        notes.take("\nx");
        assertEquals(List.of("x" + "y".repeat(5000)), notes.take("y".repeat(5000)));
        assertEquals(List.of(), notes.rest());
    }
}
