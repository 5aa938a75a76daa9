package io.gatehouse.telemetry;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one bundle may still do, and which of its collectors run. Belongs to the {@link Rounds}. */
final class Quota {
    /** No topic is run more often, however often its collector is registered. */
    private static final long SHORTEST = 100_000_000L;

    private static final int MOST_TOPICS = 256;
    private static final double BYTES = 1 << 20;
    static final int BYTES_PER_SECOND = 256 << 10;
    private static final double NOTICES = 32;
    private static final double NOTICES_PER_SECOND = 1 / 60.0;

    final Budget bytes;
    final Budget notices;
    private final Map<String, Long> started = new HashMap<>();
    private final Map<String, Run> running = new HashMap<>();

    /** The revision in which a collector hung, by its name. */
    private final Map<String, Long> hung = new HashMap<>();

    /** The revision of which nothing is run any more. */
    private long quarantined = Long.MIN_VALUE;

    private long revision;
    private int abandoned;
    int collectors;

    Quota(long revision, long now) {
        this.revision = revision;
        this.bytes = new Budget(BYTES, BYTES_PER_SECOND, now);
        this.notices = new Budget(NOTICES, NOTICES_PER_SECOND, now);
    }

    /** After an update of the bundle, what its predecessor left behind is not held against it. */
    void at(long newest) {
        if (newest != revision) {
            revision = newest;
            abandoned = 0;
        }
    }

    /** The run of a collector that goes on, also of one that was registered before it or of an older revision. */
    @Nullable
    Run run(String collector) {
        return running.get(collector);
    }

    /** How many run. */
    int running() {
        return running.size();
    }

    void began(Run run) {
        running.put(run.job.name, run);
    }

    void ended(Run run) {
        running.remove(run.job.name, run);
    }

    /**
     * A run does not stop: its collector is not run again in this revision, and, where as many threads as this do not stop
     * at once, no other of the bundle is.
     */
    void hung(Run run, int most) {
        ended(run);
        long of = run.job.owner.revision();
        hung.put(run.job.name, of);
        if (of == revision) {
            abandoned++;
            if (abandoned >= most) {
                quarantined = of;
            }
        }
    }

    /** A thread of this revision, which did not stop, did after all. */
    void stopped(long of) {
        if (of == revision) {
            abandoned--;
        }
    }

    /** Whether this very collector did not stop when it was run. */
    boolean isHung(Job job) {
        Long of = hung.get(job.name);
        return of != null && of == job.owner.revision();
    }

    /** Whether too many of that revision of the bundle did not. */
    boolean isQuarantined(long of) {
        return of == quarantined;
    }

    /** The earliest time for a first run. */
    long earliest(String topic, long now) {
        Long last = started.get(topic);
        return last == null ? now : Math.max(now, last + SHORTEST);
    }

    void started(String topic, long now) {
        if (started.size() >= MOST_TOPICS) {
            started.clear();
        }
        started.put(topic, now);
    }

    boolean isIdle() {
        return collectors == 0 && running.isEmpty() && abandoned == 0 && hung.isEmpty();
    }
}
