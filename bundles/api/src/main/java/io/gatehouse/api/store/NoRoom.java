package io.gatehouse.api.store;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Nothing was taken: what is kept already would have to give way. Remove some of it, or keep less. */
public final class NoRoom extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message with the bound that was reached, in bytes, and what it is set by
     * @param cause why flash cannot be written; null where that is not the reason, and removing something would help at once
     */
    public NoRoom(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
