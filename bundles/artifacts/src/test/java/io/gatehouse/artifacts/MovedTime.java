package io.gatehouse.artifacts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Time as a test has it pass; the clock may be set beside that. */
final class MovedTime extends Clock {
    private volatile Instant wall = Instant.parse("2026-11-01T12:00:00Z");
    private volatile long nanos = 1;

    Kept.Time time() {
        return new Kept.Time(this, () -> nanos);
    }

    void passes(Duration duration) {
        wall = wall.plus(duration);
        nanos += duration.toNanos();
    }

    void isSet(Instant to) {
        wall = to;
    }

    @Override
    public Instant instant() {
        return wall;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
