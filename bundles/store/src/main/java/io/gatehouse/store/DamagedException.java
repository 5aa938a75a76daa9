package io.gatehouse.store;

import java.io.IOException;
import java.io.Serial;

/** What was read is not what was written. */
final class DamagedException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}
