package io.gatehouse.deployment;

import io.gatehouse.api.command.Problem;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What is wanted is not tried, and why. Nothing was touched. */
final class Refused extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;
    private final String detail;

    /**
     * Says why.
     *
     * @param type as in {@link Problem}
     */
    Refused(String type, String detail) {
        this(type, detail, null);
    }

    Refused(String type, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.type = type;
        this.detail = detail;
    }

    Problem problem() {
        return new Problem(type, detail);
    }
}
