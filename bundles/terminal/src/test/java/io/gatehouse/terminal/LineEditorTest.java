package io.gatehouse.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class LineEditorTest {
    private final LineEditor editor = new LineEditor("> ");

    @Test
    void echoesWhatIsTypedAndGivesTheLine() {
        editor.begin();
        assertEquals(LineEditor.Done.ENTERED, typed("grüße 🛰\r"));
        assertEquals("grüße 🛰", editor.line());
        assertEquals("> grüße 🛰\r\n", echo());
    }

    @Test
    void rubsOutWholeCharactersAndNoMoreThanThereAre() {
        editor.begin();
        typed("a🛰\u007f\u0008\u0008b");
        assertEquals("b", editor.line());
        assertEquals("> a🛰\b \b\b \bb", echo());
    }

    @Test
    void takesAPairOfReturnAndLineFeedForOneEnd() {
        editor.begin();
        assertEquals(LineEditor.Done.ENTERED, typed("a\r"));
        editor.begin();
        assertEquals(LineEditor.Done.TYPED, typed("\n"));
        assertEquals(LineEditor.Done.ENTERED, typed("b\n"));
        assertEquals("b", editor.line());
    }

    @Test
    void recallsWhatWasEnteredAndComesBack() {
        for (String line : new String[] {"one\r", "two\r", "two\r", " \r"}) {
            editor.begin();
            typed(line);
        }
        editor.begin();
        typed("\u001b[A");
        assertEquals("two", editor.line());
        typed("\u001bOA");
        assertEquals("one", editor.line());
        typed("\u001b[A");
        assertEquals("one", editor.line());
        typed("\u001b[B\u001b[B");
        assertEquals("", editor.line());
    }

    @Test
    void leavesOnCtrlDOnlyWhereTheLineIsEmpty() {
        editor.begin();
        assertEquals(LineEditor.Done.TYPED, typed("x\u0004"));
        assertEquals(LineEditor.Done.LEFT, typed("\u0015\u0004"));
    }

    @Test
    void ignoresKeysThatItDoesNotKnow() {
        editor.begin();
        typed("a\u001b[1;5Cb\u001b[3~c\u0001\u001bxd");
        assertEquals("abcd", editor.line());
    }

    @Test
    void holdsNoMoreThanALine() {
        editor.begin();
        typed("x".repeat(10_000));
        assertEquals(4096, editor.line().length());
    }

    private LineEditor.Done typed(String keys) {
        LineEditor.Done done = LineEditor.Done.TYPED;
        for (int c : keys.codePoints().toArray()) {
            done = editor.type(c);
        }
        return done;
    }

    private String echo() {
        return new String(editor.echo(), StandardCharsets.UTF_8);
    }
}
