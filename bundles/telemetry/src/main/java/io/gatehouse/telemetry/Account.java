package io.gatehouse.telemetry;

import io.gatehouse.telemetry.Meter.Usage;
import java.util.HashMap;
import java.util.Map;

/** What the collectors of one bundle cost. For use by several threads. */
final class Account {
    private final Map<Long, Abandoned> abandoned = new HashMap<>();
    private Usage used = Usage.NONE;
    private long runs;
    private long failures;

    /**
     * Everything so far.
     *
     * @param used also by threads that do not stop
     * @param abandoned threads that do not stop
     */
    record Balance(Usage used, long runs, long failures, int abandoned) {}

    private record Abandoned(Meter meter, Usage atBegin) {}

    synchronized void ran(Usage usage, boolean well) {
        used = used.plus(usage);
        runs++;
        if (!well) {
            failures++;
        }
    }

    /** A run does not stop: what its thread goes on using is counted until it ends. */
    synchronized void abandoned(long thread, Meter meter, Usage atBegin) {
        abandoned.put(thread, new Abandoned(meter, atBegin));
    }

    /** It stopped after all; {@link #ran} is told what it used. */
    synchronized void stopped(long thread) {
        abandoned.remove(thread);
    }

    synchronized Balance balance() {
        Usage all = used;
        for (Map.Entry<Long, Abandoned> entry : abandoned.entrySet()) {
            Abandoned thread = entry.getValue();
            all = all.plus(thread.meter().of(entry.getKey()).since(thread.atBegin()));
        }
        return new Balance(all, runs, failures + abandoned.size(), abandoned.size());
    }
}
