package io.gatehouse.cli.reach;

import java.io.ByteArrayOutputStream;

/** How a session is left whatever its far side does, as with {@code ssh}: at the beginning of a line a tilde, and then a dot. */
final class Escape {
    /** In words. */
    static final String KEYS = "Enter ~ .";

    private static final byte TILDE = '~';

    private boolean atBeginning = true;
    private boolean tilde;
    private boolean typed;

    /** Whether it was typed by now. */
    boolean isTyped() {
        return typed;
    }

    /**
     * What of these keys is for the far side. A tilde at the beginning of a line waits for the key after it; two of them are one.
     *
     * @param length how many of them count
     */
    byte[] without(byte[] keys, int length) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream(length + 1);
        for (int at = 0; at < length && !typed; at++) {
            take(keys[at], rest);
        }
        return rest.toByteArray();
    }

    private void take(byte key, ByteArrayOutputStream rest) {
        if (tilde) {
            tilde = false;
            typed = key == '.';
            if (typed) {
                return;
            }
            if (key != TILDE) {
                rest.write(TILDE);
            }
        } else if (atBeginning && key == TILDE) {
            tilde = true;
            return;
        }
        atBeginning = key == '\r' || key == '\n';
        rest.write(key);
    }
}
