package io.gatehouse.launcher;

import java.io.Serial;

/** Something that whoever starts the gateway has to mend; told as one line, with no stack trace. */
final class Misuse extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    Misuse(String message) {
        super(message);
    }

    Misuse(String message, Throwable cause) {
        super(message + ": " + Causes.of(cause), cause);
    }
}
