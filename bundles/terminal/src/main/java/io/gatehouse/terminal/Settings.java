package io.gatehouse.terminal;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is configured.
 *
 * @param permitted whether there may be any terminal
 * @param gogo whether there may be one of the framework's shell
 * @param recording what is kept of each session; nothing where none is recorded
 */
record Settings(boolean permitted, boolean gogo, Login login, Limits limits, Optional<Recorded> recording) {
    /**
     * How sessions are recorded.
     *
     * @param limit bytes of one recording
     * @param life how long it is kept
     */
    record Recorded(long limit, Duration life) {
        private static final long LEAST = 1024;
        private static final long MOST = 64 * 1024 * 1024;

        Recorded {
            if (limit < LEAST || limit > MOST) {
                throw new IllegalArgumentException("recordLimit must be from " + LEAST + " to " + MOST + ": " + limit);
            }
            if (life.isNegative() || life.isZero()) {
                throw new IllegalArgumentException("recordLife must be longer than nothing: " + life);
            }
        }
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException where a value will not do; the message names it
     */
    static Settings of(Terminals.Config config) {
        Limits limits = new Limits(
                config.most(),
                duration("ttl", config.ttl()),
                duration("longest", config.longest()),
                duration("idle", config.idle()),
                duration("unused", config.unused()));
        Login login = new Login(List.of(config.command()), config.user(), variables(config.environment()));
        Recorded recorded = new Recorded(config.recordLimit(), duration("recordLife", config.recordLife()));
        return new Settings(
                config.permitted(),
                config.gogo(),
                login,
                limits,
                config.record() ? Optional.of(recorded) : Optional.empty());
    }

    private static Map<String, String> variables(String[] lines) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("environment must be of the form NAME=value: " + line);
            }
            variables.put(line.substring(0, equals), line.substring(equals + 1));
        }
        return variables;
    }

    private static Duration duration(String name, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " must be a duration such as PT15M: " + text, e);
        }
    }
}
