package io.gatehouse.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainTest {
    @ParameterizedTest
    @ValueSource(chars = {0, 7, 8, 0x1b, 0x7f, 0x9b, 0x9d, 0x2028, 0x202e, 0x2066})
    void leavesNothingThatATerminalObeys(char c) {
        assertEquals("a\ufffdb", Plain.safe("a" + c + "b"));
        assertEquals(List.of("a\ufffdb"), Plain.lines("a" + c + "b"));
        assertEquals("a\ufffdb", Plain.painted("a" + c + "b"));
        assertEquals("\"a\\u%04xb\"".formatted((int) c), Plain.inJson("\"a" + c + "b\""));
    }

    @Test
    void leavesAllOtherTextAsItIs() {
        String text = "grüße, \ud83d\ude80 → 東京";
        assertEquals(text, Plain.safe(text));
        assertEquals(text + "  x", Plain.safe(text + "\r\n\tx"));
        assertEquals(text, Plain.inJson(text));
    }

    @Test
    void keepsTheLinesAndTabsOfAText() {
        assertEquals(List.of("a\tb", "", "c"), Plain.lines("a\tb\r\n\nc\n"));
        assertEquals("c d", Plain.lastLine("a\nc\td\n \n"));
        assertEquals("", Plain.lastLine("\n"));
    }

    @Test
    void keepsPaintAndNoOtherSequence() {
        assertEquals("\033[31mbad\033[0m \ufffd[8mhidden", Plain.painted("\033[31mbad\033[0m \033[8mhidden"));
        assertEquals("\033[32m\ufffd]0;title\ufffd\033[0m", Paint.COLORED.good("\033]0;title\007"));
    }
}
