package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The machine's clock, and as far off as a file says, which is read each time: so a test has a month pass. The file holds a duration such as {@code PT720H} or
 * {@code -PT1H}; where it holds none, the last one counts.
 */
final class OffsetClock extends Clock {
    private static final System.Logger LOG = System.getLogger(OffsetClock.class.getName());

    private final Clock machine;
    private final Path file;
    private volatile Duration last = Duration.ZERO;

    OffsetClock(Clock machine, Path file) {
        this.machine = machine;
        this.file = file;
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(offset());
    }

    private Duration offset() {
        try {
            last = Duration.parse(Files.readString(file).strip());
        } catch (IOException | DateTimeException e) {
            LOG.log(System.Logger.Level.ERROR, "no duration such as PT1H in " + file + "; the clock stays " + last, e);
        }
        return last;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock shows UTC: " + zone);
    }
}
