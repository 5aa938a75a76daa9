package io.gatehouse.telemetry;

import io.gatehouse.api.telemetry.Reading;
import java.time.Duration;

/** What a collector sent last. Used by one run of it at a time. */
final class Sent {
    private static final long SILENCE = Duration.ofHours(1).toNanos();

    private final Settings settings;
    private Reading last = Reading.nothing();
    private long at;

    Sent(Settings settings) {
        this.settings = settings;
    }

    /** Whether a reading is worth sending: it has something to say that is new, or there was silence for an hour. */
    boolean isNews(Reading reading, long now) {
        if (reading.isNothing()) {
            return false;
        }
        // Half a period less than an hour: else a run that comes a moment early would make it an hour and a period.
        return !settings.onChange()
                || last.isNothing()
                || now - at >= SILENCE - Math.min(SILENCE, settings.period().toNanos()) / 2
                || Change.between(last.values(), reading.values(), settings.deadBand());
    }

    void sent(Reading reading, long now) {
        if (settings.onChange()) {
            last = reading;
            at = now;
        }
    }
}
