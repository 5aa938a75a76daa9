package io.gatehouse.acceptance;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What loggers of this process said, warnings and worse. */
final class Said extends Handler implements AutoCloseable {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Said(Logger logger) {
        this.logger = logger;
    }

    /** From now on, by all loggers below this name. */
    static Said by(String name) {
        Said said = new Said(Logger.getLogger(name));
        said.logger.addHandler(said);
        return said;
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord line) {
        if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
            Object[] parameters = line.getParameters();
            lines.add(parameters == null ? line.getMessage() : MessageFormat.format(line.getMessage(), parameters));
        }
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
