package io.gatehouse.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * One line a record: time, level, logger, message, causes. A stack trace only where the logger takes {@link Level#FINE}.
 */
final class LineFormatter extends Formatter {
    @Override
    public String format(LogRecord entry) {
        StringBuilder line = new StringBuilder(160);
        time(line, OffsetDateTime.ofInstant(entry.getInstant(), ZoneOffset.UTC));
        line.append(' ').append(entry.getLevel().getName());
        line.append(' ').append(entry.getLoggerName()).append(": ");
        line.append(formatMessage(entry));
        Throwable thrown = entry.getThrown();
        if (thrown != null) {
            line.append(": ").append(Causes.of(thrown));
        }
        oneLine(line);
        if (thrown != null && isTraced(entry)) {
            line.append('\n').append(trace(thrown).strip());
        }
        return line.append('\n').toString();
    }

    /** By hand: the formatters of java.time cost more at start than all else here. */
    private static void time(StringBuilder line, OffsetDateTime at) {
        padded(line, at.getYear(), 1000).append('-');
        padded(line, at.getMonthValue(), 10).append('-');
        padded(line, at.getDayOfMonth(), 10).append('T');
        padded(line, at.getHour(), 10).append(':');
        padded(line, at.getMinute(), 10).append(':');
        padded(line, at.getSecond(), 10).append('.');
        padded(line, at.getNano() / 1_000_000, 100).append('Z');
    }

    private static StringBuilder padded(StringBuilder line, int value, int ofAtLeast) {
        for (int digit = ofAtLeast; digit > 1 && value < digit; digit /= 10) {
            line.append('0');
        }
        return line.append(value);
    }

    /** Nobody's text can look like a record of its own. */
    private static void oneLine(StringBuilder line) {
        for (int at = 0; at < line.length(); at++) {
            if (Character.isISOControl(line.charAt(at)) && line.charAt(at) != '\t') {
                line.setCharAt(at, ' ');
            }
        }
    }

    private static boolean isTraced(LogRecord entry) {
        String name = entry.getLoggerName();
        return name != null && Logger.getLogger(name).isLoggable(Level.FINE);
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
