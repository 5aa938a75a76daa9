package io.gatehouse.api.command;

import java.io.Serial;

/** A member of a JSON object is missing, ill-typed or out of its range. The message names it, its value and what would do. */
public final class BadArgument extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    public BadArgument(String message) {
        super(message);
    }
}
