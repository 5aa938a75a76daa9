package io.gatehouse.launcher;

import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The process's log: one line a record, on standard error. Levels are settings: {@code gatehouse.log.level}, and
 * {@code gatehouse.log.level.<logger>} for a part of the software.
 */
final class Logging {
    private static final String MANAGER = "java.util.logging.manager";

    private Logging() {}

    /** Sets it up for the whole process; to be called before anything logs. */
    static void setUp(Map<String, String> settings) throws Misuse {
        // by name alone: its class must not be there before the property is
        System.setProperty(MANAGER, "io.gatehouse.launcher.BareLogManager");
        Logger.getLogger("").addHandler(new ErrorStream());
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            if (setting.getKey().startsWith(Settings.LOG_LEVEL)) {
                level(setting.getKey(), setting.getValue());
            }
        }
    }

    private static void level(String setting, String value) throws Misuse {
        int prefix = Settings.LOG_LEVEL.length();
        Logger logger = Logger.getLogger(setting.length() == prefix ? "" : setting.substring(prefix + 1));
        try {
            logger.setLevel(Level.parse(value));
        } catch (IllegalArgumentException e) {
            throw new Misuse(setting + " must be SEVERE, WARNING, INFO, FINE, FINER or FINEST: " + value);
        }
        if (LogManager.getLogManager() instanceof BareLogManager manager) {
            manager.hold(logger);
        }
    }

    /** The platform's own console handler makes a formatter that nobody uses, which takes 10 ms of each start. */
    private static final class ErrorStream extends Handler {
        private final LineFormatter formatter = new LineFormatter();

        @Override
        public void publish(LogRecord entry) {
            System.err.print(formatter.format(entry));
        }

        @Override
        public void flush() {
            System.err.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }
}
