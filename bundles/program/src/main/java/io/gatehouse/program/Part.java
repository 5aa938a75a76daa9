package io.gatehouse.program;

import java.nio.charset.StandardCharsets;

/**
 * What was kept of what a program said.
 *
 * @param bytes its beginning
 * @param beyond how many bytes came after that
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Part(byte[] bytes, long beyond) {
    /** As UTF-8; what is none is replaced. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Its last line that is not blank, for a message; empty where there is none. */
    public String lastLine() {
        String text = text().stripTrailing();
        return text.substring(text.lastIndexOf('\n') + 1).strip();
    }
}
