package io.gatehouse.telemetry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** One collector that is run. Its variables belong to the {@link Rounds} it is in. */
final class Job {
    final String name;
    final Owner owner;
    final Settings settings;
    final Source source;

    /** Belongs to the one run there is. */
    final Sent sent;

    final Schedule schedule;

    /** An event said that it fails. */
    boolean isFailing;

    boolean isRemoved;

    /**
     * A collector.
     *
     * @param name by which its bundle always registers it: one of that name runs at a time
     * @param random from 0 to 1
     */
    Job(String name, Owner owner, Settings settings, Source source, DoubleSupplier random) {
        this.name = name;
        this.owner = owner;
        this.settings = settings;
        this.source = source;
        this.sent = new Sent(settings);
        this.schedule = new Schedule(settings.period(), random);
    }

    /** Time that a run may take: the first may make the component, and so take longer than a period. */
    Duration deadline() {
        boolean isLonger = settings.deadline().compareTo(settings.period()) > 0;
        return isLonger && !schedule.isFirst() ? settings.period() : settings.deadline();
    }
}
