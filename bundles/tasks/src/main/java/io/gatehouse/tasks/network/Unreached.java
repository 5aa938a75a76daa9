package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Whom a command is about cannot be reached, or does not answer as it should. */
final class Unreached extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;

    /**
     * Says why.
     *
     * @param type as in {@link io.gatehouse.api.command.Problem}
     */
    Unreached(String type, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    String type() {
        return type;
    }

    /** The end of the command that found it out. */
    Outcome outcome() {
        return Outcome.failed(type, String.valueOf(getMessage()));
    }
}
