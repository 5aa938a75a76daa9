package io.gatehouse.terminal;

import io.gatehouse.api.command.Members;
import java.util.Locale;

/** What runs in a terminal. */
enum Mode {
    /** The system's own shell, in a PTY. */
    SHELL,
    /** The framework's shell. */
    GOGO;

    /** The argument {@code mode}; the system's shell where it is absent. */
    static Mode of(Members arguments) {
        String word = arguments.optionalString("mode").orElse(SHELL.word());
        for (Mode mode : values()) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        throw arguments.wrong("mode", word, "shell or gogo");
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
