package com.example.alarm;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** The state of an alarm, from one value to the next. For one thread at a time. */
final class Watch {
    private final Rule rule;
    private final LongSupplier nanoTime;
    private boolean isRaised;
    private OptionalLong beyondSince = OptionalLong.empty();

    /**
     * One that goes on from this state.
     *
     * @param nanoTime a clock that nobody sets, in nanoseconds
     */
    Watch(Rule rule, LongSupplier nanoTime, boolean isRaised) {
        this.rule = rule;
        this.nanoTime = nanoTime;
        this.isRaised = isRaised;
    }

    boolean isRaised() {
        return isRaised;
    }

    /** Takes a value; whether it changed the state. */
    boolean changes(double value) {
        if (!rule.next(isRaised).covers(value)) {
            beyondSince = OptionalLong.empty();
            return false;
        }
        long now = nanoTime.getAsLong();
        long since = beyondSince.orElse(now);
        if (now - since < rule.hold().toNanos()) {
            beyondSince = OptionalLong.of(since);
            return false;
        }
        isRaised = !isRaised;
        beyondSince = OptionalLong.empty();
        return true;
    }
}
