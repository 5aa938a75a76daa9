package io.gatehouse.telemetry;

import io.gatehouse.telemetry.Meter.Usage;
import org.jspecify.annotations.Nullable;

/** One run of a collector. Its variables belong to the {@link Runs}. */
final class Run {
    final Job job;
    final Quota quota;

    /** Until it begins there is none. */
    @Nullable
    Thread thread;

    Meter meter = Meter.NONE;
    Usage atBegin = Usage.NONE;

    /** When it is interrupted or, once it was, given up; nanoseconds. */
    long limit;

    boolean isInterrupted;
    boolean isAbandoned;

    Run(Job job, Quota quota) {
        this.job = job;
        this.quota = quota;
    }
}
