package io.gatehouse.artifacts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * An artifact that this device made, and how long it lives yet.
 *
 * <p>In the process that made it, its life is counted by what passed, whatever becomes of the clock: one that is set from 1970 to today
 * ends nothing. A later process has nothing but the clock to know its age by. It believes it only after some minutes, in which a clock
 * that was wrong at boot is set; and not at all about what was made when it was certainly wrong. Such a one begins its life anew, as
 * does everything while the clock stands still in the past: it is kept longer than asked for, but neither for ever nor beyond its room.
 */
final class Kept {
    /** How long a new process gives the clock to be set. */
    static final Duration SETTLING = Duration.ofMinutes(10);

    /** No clock was right that showed an earlier time to this bundle. */
    private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

    private final MadeName name;
    private final long size;
    private final Time time;
    private final boolean found;
    private final long since;

    // guarded by MadeArtifacts
    private Optional<Stamp> whole;

    /**
     * What time it is.
     *
     * @param nanos what passes, from an arbitrary moment
     */
    record Time(Clock clock, LongSupplier nanos) {}

    private Kept(MadeName name, long size, Time time, boolean found, Optional<Stamp> whole) {
        this.name = name;
        this.size = size;
        this.time = time;
        this.found = found;
        this.since = time.nanos().getAsLong();
        this.whole = whole;
    }

    /** One that was made now, and was hashed when its file had this stamp. */
    static Kept made(MadeName name, Stamp whole, Time time) {
        return new Kept(name, whole.size(), time, false, Optional.of(whole));
    }

    /** One that an earlier process left; nobody knows yet what flash made of it. */
    static Kept found(MadeName name, long size, Time time) {
        return new Kept(name, size, time, true, Optional.empty());
    }

    MadeName name() {
        return name;
    }

    /** Bytes. */
    long size() {
        return size;
    }

    /** What is left of its life as far as this process counted; negative where it is over. */
    Duration left() {
        return name.life().minusNanos(time.nanos().getAsLong() - since);
    }

    boolean isOver() {
        Duration left = left();
        boolean isSettled = name.life().minus(left).compareTo(SETTLING) >= 0;
        boolean isOverByTheClock =
                isKnownByTheClock() && isSettled && !time.clock().instant().isBefore(name.until());
        return isOverByTheClock || left.compareTo(Duration.ZERO) <= 0;
    }

    /** When its life ends, by the clock as it is now. */
    Instant until() {
        return isKnownByTheClock() ? name.until() : time.clock().instant().plus(left());
    }

    private boolean isKnownByTheClock() {
        return found && !name.made().isBefore(EARLIEST);
    }

    /** Whether its file hashed to what it must when it had this stamp. */
    boolean isWhole(Stamp now) {
        return whole.filter(now::equals).isPresent();
    }

    void hashedRight(Stamp now) {
        whole = Optional.of(now);
    }
}
