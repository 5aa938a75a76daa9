package io.gatehouse.telemetry;

import io.gatehouse.telemetry.Meter.Usage;
import org.jspecify.annotations.Nullable;

/** One run of a collector. Its variables belong to the {@link Rounds}. */
final class Run {
    final Job job;

    /** Until it begins there is none. */
    @Nullable
    Thread thread;

    Meter meter = Meter.NONE;
    Usage atBegin = Usage.NONE;

    /** When it is interrupted or, once it was, given up; nanoseconds. */
    long limit;

    boolean isInterrupted;
    boolean isAbandoned;

    Run(Job job) {
        this.job = job;
    }
}
