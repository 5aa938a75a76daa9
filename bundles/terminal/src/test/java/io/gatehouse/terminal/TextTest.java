package io.gatehouse.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TextTest {
    @Test
    void joinsCharactersThatWereParted() {
        byte[] bytes = "aü✓🛰b".getBytes(StandardCharsets.UTF_8);
        for (int piece = 1; piece <= bytes.length; piece++) {
            Text text = new Text();
            StringBuilder joined = new StringBuilder();
            for (int at = 0; at < bytes.length; at += piece) {
                joined.append(text.next(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece))));
            }
            assertEquals("aü✓🛰b", joined.append(text.rest()).toString(), "pieces of " + piece);
        }
    }

    @Test
    void marksWhatIsNoUtf8() {
        Text text = new Text();
        assertEquals("a\ufffdb\ufffd", text.next(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc0}));
        assertEquals("", text.next(new byte[] {(byte) 0xe2, (byte) 0x9c}));
        assertEquals("\ufffd", text.rest());
    }
}
