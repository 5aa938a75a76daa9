package io.gatehouse.tasks.network;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of a wireless network: up to 32 bytes of any kind that whoever is near may choose. It is shown as UTF-8, where it is that; each
 * byte that is not, or that no terminal should get, is shown as {@code \xNN}, and so is a backslash.
 */
final class Ssid {
    private static final int LONGEST = 32;
    private static final String HEX = "0123456789abcdef";

    private Ssid() {}

    /** Shows it, and nothing beyond 32 bytes; one of nothing but zero bytes is hidden, and empty. */
    static String shown(byte[] all) {
        byte[] bytes = Arrays.copyOf(all, Math.min(all.length, LONGEST));
        int seen = 0;
        for (byte b : bytes) {
            seen |= b;
        }
        if (seen == 0) {
            return "";
        }
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < bytes.length; ) {
            int length = length(bytes, at);
            if (length > 0) {
                shown.append(new String(bytes, at, length, StandardCharsets.UTF_8));
            } else {
                shown.append("\\x").append(HEX.charAt((bytes[at] >> 4) & 0xf)).append(HEX.charAt(bytes[at] & 0xf));
            }
            at += Math.max(1, length);
        }
        return shown.toString();
    }

    /** The bytes of a text in ISO 8859-1 in which {@code \xNN} stands for a byte, as iw writes it; of the first 128 characters, since none has more. */
    static byte[] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int end = Math.min(text.length(), LONGEST * 4);
        for (int at = 0; at < end; at++) {
            boolean isEscape = at + 3 < end && text.charAt(at) == '\\' && text.charAt(at + 1) == 'x';
            int high = isEscape ? HEX.indexOf(text.charAt(at + 2)) : -1;
            int low = isEscape ? HEX.indexOf(text.charAt(at + 3)) : -1;
            if (high >= 0 && low >= 0) {
                bytes.write(high << 4 | low);
                at += 3;
            } else {
                bytes.write(text.charAt(at));
            }
        }
        return bytes.toByteArray();
    }

    /** How many bytes the character at this place has; 0 where there is none to be shown. */
    private static int length(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        int length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (at + length > bytes.length) {
            return 0;
        }
        try {
            int character = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString()
                    .codePointAt(0);
            return character != '\\' && isShown(character) ? length : 0;
        } catch (CharacterCodingException e) {
            return 0;
        }
    }

    private static boolean isShown(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
