package io.gatehouse.licensing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Up to when time has passed for good. A machine's clock may be ahead, as many are between a start and the network's time, and what is counted up to is not
 * taken back: so what the clock said counts when an hour of running has gone by, and the clock is not behind it. The clock floor counts at once.
 */
final class ProvenTime {
    private static final Duration PROOF = Duration.ofHours(1);

    /** The network has brought its time by then, where it can. */
    private static final Duration SETTLED = Duration.ofMinutes(15);

    private final Ledger ledger;
    private Optional<Mark> mark;
    private Optional<Mark> proven = Optional.empty();
    /** What the last process saw, until the clock is there or that was told. */
    private Optional<Mark> former;

    /**
     * What the clock said.
     *
     * @param at when it did, on the scale of {@link Moment#running}
     * @param age how long it had been running since the clock said that, by processes before
     */
    private record Mark(Instant seen, Duration at, Duration age) {
        /** What the clock says now if it went right. */
        Instant now(Moment moment) {
            return seen.plus(moment.running().minus(at));
        }

        Duration age(Moment moment) {
            return age.plus(moment.running().minus(at));
        }
    }

    /** Goes on from what the last process kept. */
    ProvenTime(Ledger ledger) {
        this.ledger = ledger;
        this.mark = ledger.clock().map(seen -> new Mark(seen.at(), Duration.ZERO, seen.age()));
        this.former = mark;
    }

    /**
     * Looks at the clock.
     *
     * @return how far it was set back while the gateway was off; told once, and not before the network could have set it
     */
    Optional<Duration> look(Moment moment) {
        if (!moment.time().isKnown()) {
            return Optional.empty();
        }
        Instant wall = moment.time().wall();
        Optional<Duration> back = setBackWhileOff(moment);
        if (mark.filter(one -> Moment.isBehind(wall, one.now(moment))).isPresent()) {
            mark = Optional.empty();
            proven = Optional.empty();
        }
        Optional<Mark> old = mark.filter(one -> one.age(moment).compareTo(PROOF) >= 0);
        if (old.isPresent()) {
            proven = old;
            mark = Optional.empty();
        }
        if (mark.isEmpty()) {
            mark = Optional.of(new Mark(wall, moment.running(), Duration.ZERO));
        }
        return back;
    }

    private Optional<Duration> setBackWhileOff(Moment moment) {
        Optional<Mark> before =
                former.filter(one -> Moment.isBehind(moment.time().wall(), one.now(moment)));
        boolean isSettled = moment.running().compareTo(SETTLED) >= 0;
        if (before.isEmpty() || isSettled) {
            former = Optional.empty();
        }
        return before.filter(one -> isSettled)
                .map(one -> Duration.between(moment.time().wall(), one.now(moment)));
    }

    /** Certainly over. */
    Instant at(Moment moment) {
        Instant floor = moment.time().floor();
        return proven.map(one -> one.now(moment))
                .filter(one -> one.isAfter(floor))
                .orElse(floor);
    }

    /** Has the next process go on from here. */
    void keep(Moment moment) {
        mark.ifPresent(one -> ledger.putClock(new Ledger.Seen(one.now(moment), one.age(moment))));
    }
}
