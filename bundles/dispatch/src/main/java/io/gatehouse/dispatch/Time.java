package io.gatehouse.dispatch;

import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.trust.ClockFloor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * What time it is, never before what is certainly over: when this bundle was built, and the signed times that were believed. The
 * device's own clock is not kept: one that was wrong once would be wrong for ever. What was kept is read when it is first needed,
 * so that the store opens beside connecting. Thread-safe.
 */
final class Time {
    private static final System.Logger LOG = System.getLogger(Time.class.getName());
    private static final String KEY = "clock-floor";

    /** Flash wears out, and a floor that is an hour too low lets nothing in that a day would not. */
    private static final Duration COARSE = Duration.ofHours(1);

    private final Clock clock;
    private final Store store;

    // guarded by this
    private ClockFloor floor;
    private Instant kept = Instant.EPOCH;
    private boolean isRead;

    Time(Clock clock, Instant built, Store store) {
        this.clock = clock;
        this.store = store;
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
                store.put(KEY, Long.toString(kept.getEpochSecond()).getBytes(StandardCharsets.US_ASCII));
            } catch (NoRoom e) {
                LOG.log(System.Logger.Level.WARNING, "cannot keep what time it is at least, " + kept, e);
            }
        }
    }

    private ClockFloor floor() {
        if (!isRead) {
            kept = kept(store);
            floor = floor.raisedTo(kept);
            isRead = true;
        }
        return floor;
    }

    private static Instant kept(Store store) {
        try {
            return store.get(KEY)
                    .map(bytes -> Instant.ofEpochSecond(Long.parseLong(new String(bytes, StandardCharsets.US_ASCII))))
                    .orElse(Instant.EPOCH);
        } catch (IOException | NumberFormatException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read what time it is at least", e);
            return Instant.EPOCH;
        }
    }
}
