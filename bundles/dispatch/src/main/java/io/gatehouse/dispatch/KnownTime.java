package io.gatehouse.dispatch;

import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.trust.ClockFloor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * What time it is, never before what is certainly over: when this bundle was built, and the signed times that were believed. The
 * device's own clock is not kept: one that was wrong once would be wrong for ever. What was kept is read when it is first needed,
 * so that the store opens beside connecting. Thread-safe.
 */
final class KnownTime {
    private static final System.Logger LOG = System.getLogger(KnownTime.class.getName());

    /** Flash wears out, and a floor that is an hour too low lets nothing in that a day would not. */
    private static final Duration COARSE = Duration.ofHours(1);

    private final Clock clock;
    private final KeptNumber keptSeconds;

    // guarded by this
    private ClockFloor floor;
    private Instant kept = Instant.EPOCH;
    private boolean isRead;

    KnownTime(Clock clock, Instant built, Store store) {
        this.clock = clock;
        this.keptSeconds = new KeptNumber(store, "clock-floor");
        this.floor = new ClockFloor(built);
    }

    synchronized ClockFloor.Time now() {
        return floor().time(clock);
    }

    synchronized Instant certainlyOver() {
        return floor().floor();
    }

    /** A time that somebody signed who may. */
    synchronized void passed(Instant signed) {
        floor = floor().raisedTo(signed);
        if (floor.floor().isAfter(kept.plus(COARSE))) {
            kept = floor.floor();
            try {
                keptSeconds.put(kept.getEpochSecond());
            } catch (NoRoom e) {
                LOG.log(System.Logger.Level.WARNING, "cannot keep what time it is at least, " + kept, e);
            }
        }
    }

    private ClockFloor floor() {
        if (!isRead) {
            kept = Instant.ofEpochSecond(keptSeconds.read());
            floor = floor.raisedTo(kept);
            isRead = true;
        }
        return floor;
    }
}
