package io.gatehouse.telemetry;

import java.util.HashMap;
import java.util.Map;

/** What one bundle may still do. Belongs to the {@link Rounds}. */
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
    private long revision;
    int collectors;
    int running;
    int abandoned;

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

    /** A thread of this revision does not stop. */
    void abandoned(long of) {
        if (of == revision) {
            abandoned++;
        }
    }

    /** It stopped after all. */
    void stopped(long of) {
        if (of == revision) {
            abandoned--;
        }
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
        return collectors == 0 && running == 0 && abandoned == 0;
    }
}
