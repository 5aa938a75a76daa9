package io.gatehouse.terminal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8 that comes in pieces, which may part a character. What is no UTF-8 becomes U+FFFD. Not thread-safe. */
final class Text {
    private static final int LONGEST_CHARACTER = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer begun = ByteBuffer.allocate(0);

    /** The characters that are whole now. */
    String next(byte[] bytes) {
        ByteBuffer all = ByteBuffer.allocate(begun.remaining() + bytes.length);
        all.put(begun).put(bytes).flip();
        String text = decoded(all, false);
        begun = ByteBuffer.allocate(LONGEST_CHARACTER).put(all).flip();
        return text;
    }

    /** What is left when no more comes: nothing, or what was no whole character. */
    String rest() {
        return decoded(begun, true);
    }

    private String decoded(ByteBuffer bytes, boolean isEnd) {
        CharBuffer characters = CharBuffer.allocate(bytes.remaining() + 1);
        decoder.decode(bytes, characters, isEnd);
        return characters.flip().toString();
    }
}
