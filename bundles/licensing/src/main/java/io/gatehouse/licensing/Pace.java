package io.gatehouse.licensing;

import java.time.Duration;

/** Lets through at once what is rare, and ever more seldom what comes again and again: as often as once a minute for ever. Thread-safe. */
final class Pace {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Duration shortest;

    // guarded by this
    private Duration gap;
    private Duration last;

    /**
     * Nothing has passed yet.
     *
     * @param shortest what the first waits too
     */
    Pace(Duration shortest) {
        this.shortest = shortest;
        this.gap = shortest;
        this.last = LONGEST.negated();
    }

    /**
     * How long the next is to wait.
     *
     * @param now on any scale that begins with this
     */
    synchronized Duration left(Duration now) {
        Duration left = last.plus(gap).minus(now);
        return left.compareTo(shortest) > 0 ? left : shortest;
    }

    /** One passes. */
    synchronized void passed(Duration now) {
        boolean isRare = now.minus(last).compareTo(LONGEST.multipliedBy(2)) >= 0;
        Duration twice = gap.multipliedBy(2);
        Duration more = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
        gap = isRare ? shortest : more;
        last = now;
    }
}
