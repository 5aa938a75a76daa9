package io.gatehouse.firmware;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Something that may go better later. */
final class Failure extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;

    /**
     * Says what.
     *
     * @param type as in {@link io.gatehouse.api.command.Problem}
     */
    Failure(String type, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    String type() {
        return type;
    }
}
