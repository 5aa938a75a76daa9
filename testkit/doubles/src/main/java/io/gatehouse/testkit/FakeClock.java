package io.gatehouse.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes when it is told to. Thread-safe. */
public final class FakeClock extends Clock {
    private volatile Instant now;

    /** Stands at this moment. */
    public FakeClock(Instant now) {
        this.now = now;
    }

    /** Is set, as by an operator or a time server. */
    public void set(Instant to) {
        now = to;
    }

    /** Goes on by so much. */
    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    @Override
    public Instant instant() {
        return now;
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
