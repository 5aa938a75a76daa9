package io.gatehouse.tunnel.ssh;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A tunnel is not opened, or not again, for a reason that was to be expected. */
final class Stopped extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;

    Stopped(String type, String detail) {
        this(type, detail, null);
    }

    /**
     * Says why.
     *
     * @param type of the problem that is told
     * @param detail with the values, and what helps
     */
    Stopped(String type, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.type = type;
    }

    String type() {
        return type;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
