package io.gatehouse.program;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of bytes. */
final class Lines implements Program.Output {
    private static final int LONGEST = 8 << 10;

    private final Consumer<String> each;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);

    Lines(Consumer<String> each) {
        this.each = each;
    }

    @Override
    public void came(byte[] bytes, int length) {
        for (int at = 0; at < length; at++) {
            if (bytes[at] == '\n') {
                tell();
                continue;
            }
            // not within a character, which has at most three bytes like this after its first
            boolean isWithin = (bytes[at] & 0xc0) == 0x80 && line.size() < LONGEST + 3;
            if (line.size() >= LONGEST && !isWithin) {
                tell();
            }
            line.write(bytes[at]);
        }
    }

    /** Tells what came without a line's end. */
    void end() {
        if (line.size() > 0) {
            tell();
        }
    }

    private void tell() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        each.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
