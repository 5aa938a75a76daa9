package io.gatehouse.launcher;

import java.io.Serial;

/** Why software does not come to run as it should; what was done so far can be put back. */
final class ChangeFailed extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final String type;

    /**
     * A failure.
     *
     * @param type as in {@link io.gatehouse.software.Verdict#type}
     */
    ChangeFailed(String type, String detail) {
        super(detail);
        this.type = type;
    }

    ChangeFailed(String type, String detail, Throwable cause) {
        super(detail + ": " + Causes.of(cause), cause);
        this.type = type;
    }

    String type() {
        return type;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
