package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;

/**
 * Sets how much a logger says, until the process ends or this bundle is replaced. Immediate, since one that is made when it is asked for goes with the
 * last who uses it, as when the bundle that runs commands is replaced, and the levels with it.
 */
@Component(immediate = true)
@Command("log.level")
public final class LogLevel implements CommandHandler {
    /** The names of {@link Level}, and of {@link System.Logger.Level} where they differ. */
    private static final Map<String, Level> LEVELS = Map.ofEntries(
            Map.entry("OFF", Level.OFF),
            Map.entry("SEVERE", Level.SEVERE),
            Map.entry("ERROR", Level.SEVERE),
            Map.entry("WARNING", Level.WARNING),
            Map.entry("INFO", Level.INFO),
            Map.entry("CONFIG", Level.CONFIG),
            Map.entry("FINE", Level.FINE),
            Map.entry("DEBUG", Level.FINE),
            Map.entry("FINER", Level.FINER),
            Map.entry("TRACE", Level.FINER),
            Map.entry("FINEST", Level.FINEST),
            Map.entry("ALL", Level.ALL));

    private static final String INHERIT = "INHERIT";
    private static final int LONGEST_NAME = 256;
    private static final int MOST = 256;

    /** A logger that nobody holds is forgotten, with its level. */
    private final Map<String, Logger> held = new HashMap<>();

    @Override
    public synchronized Outcome handle(Invocation invocation) {
        Members arguments = invocation.arguments();
        String name = name(arguments);
        Level level = level(arguments);
        if (!held.containsKey(name) && held.size() >= MOST) {
            return Outcome.refused("too-many", MOST + " loggers have a level of their own; more are not held");
        }
        Logger logger = held.computeIfAbsent(name, Logger::getLogger);
        String old = text(logger.getLevel());
        logger.setLevel(level);
        return Outcome.done(Map.of("logger", name, "old", old, "new", text(level)));
    }

    private static String name(Members arguments) {
        String name = arguments.string("logger");
        if (name.length() > LONGEST_NAME || name.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw arguments.wrong("logger", name, "a logger's name, for example io.gatehouse.deployment");
        }
        return name;
    }

    private static @Nullable Level level(Members arguments) {
        String text = arguments.string("level").toUpperCase(Locale.ROOT);
        if (text.equals(INHERIT)) {
            return null;
        }
        Level level = LEVELS.get(text);
        if (level == null) {
            throw arguments.wrong(
                    "level",
                    arguments.string("level"),
                    "OFF, SEVERE or ERROR, WARNING, INFO, CONFIG, FINE or DEBUG, FINER or TRACE, FINEST, ALL or INHERIT");
        }
        return level;
    }

    private static String text(@Nullable Level level) {
        return level == null ? INHERIT : level.getName();
    }
}
