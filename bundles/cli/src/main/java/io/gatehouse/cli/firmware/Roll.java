package io.gatehouse.cli.firmware;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * By what rules a rollout is widened, and stopped. It has no state: what there is to know is at the broker.
 *
 * @param settle how long a step must have been quiet after its last end before the next begins
 */
public record Roll(Steps steps, Bound bound, Duration settle) {
    /**
     * What is to be done.
     *
     * @param percent of the devices that take part now; 0 where nobody does, as before the first step
     * @param count how far those are
     * @param all how far these and all others are: the bound is for whoever came to an end, also by a larger share before
     * @param lastEnd when the last of them came to an end
     */
    Decision decide(int percent, Count count, Count all, Optional<Instant> lastEnd, Instant now) {
        if (bound.isReachedBy(all.failed(), all.ended())) {
            return new Decision.Stop(Bound.words(all.failed(), all.ended()) + ", and --stop-at-failures is " + bound);
        }
        Optional<Integer> next = steps.after(percent);
        if (percent == 0) {
            return new Decision.Widen(next.orElseThrow());
        }
        if (count.working() > 0) {
            return new Decision.Wait("waiting for " + devices(count.working()));
        }
        if (next.isEmpty()) {
            return new Decision.Through();
        }
        if (count.devices() > 0 && count.applied() == 0) {
            // nothing speaks for it yet: a step whose devices are all away must not open the next
            return new Decision.Wait("waiting for a first device to apply it; of this step " + devices(count.offline())
                    + " offline, " + devices(count.late()) + " late");
        }
        Instant quiet = lastEnd.map(end -> end.plus(settle)).orElse(now);
        return quiet.isAfter(now)
                ? new Decision.Wait("settling until " + quiet.truncatedTo(ChronoUnit.SECONDS))
                : new Decision.Widen(next.get());
    }

    private static String devices(int number) {
        return number == 1 ? "1 device" : number + " devices";
    }
}
