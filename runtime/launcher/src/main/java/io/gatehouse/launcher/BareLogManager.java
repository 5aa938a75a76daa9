package io.gatehouse.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Has no levels and handlers but those that it is given, and keeps them until the process is gone. */
public final class BareLogManager extends LogManager {
    /** A logger that nobody holds loses its level. */
    private final List<Logger> held = new ArrayList<>();

    /** For {@code java.util.logging}, which makes it by name. */
    public BareLogManager() {}

    /** The platform's own file of levels is not read; that is time at each start. */
    @Override
    public void readConfiguration() {}

    /** Not at shutdown either: what bundles say while they stop is worth a line. */
    @Override
    public void reset() {}

    void hold(Logger logger) {
        held.add(logger);
    }
}
