package io.gatehouse.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this bundle logs, kept from the console. */
final class CapturedLog extends Handler {
    // the one who holds it: a logger that nobody holds forgets its settings
    private final Logger logger = Logger.getLogger("io.gatehouse.store");
    private final List<String> messages = new CopyOnWriteArrayList<>();

    CapturedLog() {
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    long count(String text) {
        return messages.stream().filter(message -> message.contains(text)).count();
    }

    void clear() {
        messages.clear();
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.INFO.intValue()) {
            messages.add(record.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }

    @Override
    public String toString() {
        return messages.toString();
    }
}
