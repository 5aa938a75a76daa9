package io.gatehouse.testkit.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock that bundles of the gateway get as the service {@link Clock}, and what the gateway itself takes for the time: of messages, signatures and licenses.
 * It goes on by itself, and is set ahead or back. Licenses are looked at anew at once. What waits for a while goes on waiting, as when a machine's clock is
 * set: a collector's period is not shortened by it.
 */
public final class GatewayClock extends Clock {
    private final Path file;
    private final Moved moved;
    private volatile Duration offset = Duration.ZERO;

    /** Is told when the clock was set. */
    @FunctionalInterface
    interface Moved {
        void run() throws InterruptedException;
    }

    /** One that goes right, and keeps in this file how far it is off. */
    GatewayClock(Path file, Moved moved) {
        this.file = file;
        this.moved = moved;
        write(Duration.ZERO);
    }

    /** Has so much time pass at once; less than nothing sets it back. */
    public void advance(Duration by) throws InterruptedException {
        write(offset.plus(by));
        moved.run();
    }

    /** Sets it to this moment. */
    public void set(Instant to) throws InterruptedException {
        write(Duration.between(Clock.systemUTC().instant(), to));
        moved.run();
    }

    private void write(Duration to) {
        try {
            // whole or not at all: the gateway reads it whenever it asks for the time
            Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), to.toString());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            offset = to;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set the gateway's clock by " + file, e);
        }
    }

    @Override
    public Instant instant() {
        return Clock.systemUTC().instant().plus(offset);
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
