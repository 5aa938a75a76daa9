package io.gatehouse.cli.fleet;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why a command cannot go on, in one line for whoever called it, and how the process ends. */
public final class Trouble extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** How the process ends; the numbers are documented in {@code gatehouse --help}. */
    public enum Kind {
        REFUSED(1),
        USAGE(2),
        NO_ANSWER(3),
        UNREACHABLE(4);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    public Trouble(Kind kind, String message) {
        this(kind, message, null);
    }

    public Trouble(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
