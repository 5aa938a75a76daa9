package io.gatehouse.launcher;

import java.io.Serial;

/** Somebody's code did not come back, nor when it was interrupted; the framework's locks that it holds stay held. */
final class Hung extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String type;

    Hung(String type, String detail) {
        super(detail);
        this.type = type;
    }

    String type() {
        return type;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
