package io.gatehouse.tasks.files;

import io.gatehouse.api.command.Outcome;
import java.io.Serial;

/** A path that is not to be read or written. The message says why. */
final class NotPermitted extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;

    NotPermitted(String type, String message) {
        super(message);
        this.type = type;
    }

    Outcome refusal() {
        return Outcome.refused(type, String.valueOf(getMessage()));
    }
}
