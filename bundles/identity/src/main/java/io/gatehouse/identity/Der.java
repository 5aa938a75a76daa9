package io.gatehouse.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** As much of ASN.1's distinguished encoding rules (X.690) as a signing request needs. */
final class Der {
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0C;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int ATTRIBUTES = 0xA0;
    private static final int LONG_FORM = 0x80;
    private static final int SEVEN_BITS = 0x7F;

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return value(SET, parts);
    }

    /** The attributes of a signing request, of which there are none. */
    static byte[] noAttributes() {
        return value(ATTRIBUTES);
    }

    static byte[] zero() {
        return new byte[] {0x02, 1, 0};
    }

    static byte[] text(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A whole number of bytes. */
    static byte[] bits(byte[] bytes) {
        return value(BIT_STRING, new byte[] {0}, bytes);
    }

    /** An identifier by its numbers; the first two make one byte. */
    static byte[] identifier(int first, int second, int... others) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * first + second);
        for (int number : others) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (number >>> shift != 0) {
                    out.write(((number >>> shift) & SEVEN_BITS) | LONG_FORM);
                }
            }
            out.write(number & SEVEN_BITS);
        }
        return value(OBJECT_IDENTIFIER, out.toByteArray());
    }

    private static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < LONG_FORM) {
            out.write(length);
        } else if (length < 1 << 8) {
            out.write(LONG_FORM | 1);
            out.write(length);
        } else {
            out.write(LONG_FORM | 2);
            out.write(length >>> 8);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
