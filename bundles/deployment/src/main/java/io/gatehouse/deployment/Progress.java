package io.gatehouse.deployment;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How far a step is, as reports tell it: when it begins, and then not more than two times a second. Used by one thread. */
public final class Progress {
    private static final long BETWEEN = Duration.ofMillis(500).toNanos();
    private static final double THOUSAND = 1000.0;

    private final LongSupplier nanos;
    private String step = "";
    private long toldAt;

    /**
     * No step goes on.
     *
     * @param nanos as {@link System#nanoTime}
     */
    public Progress(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * A step goes on.
     *
     * @param share what is done of it, from 0 to 1
     * @return the members of a report that tell it; nothing where it is too early to tell it again
     */
    public Optional<Map<String, ?>> of(String step, double share) {
        long now = nanos.getAsLong();
        if (step.equals(this.step) && now - toldAt < BETWEEN) {
            return Optional.empty();
        }
        this.step = step;
        this.toldAt = now;
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("step", step);
        if (share > 0) {
            members.put("progress", Math.round(share * THOUSAND) / THOUSAND);
        }
        return Optional.of(members);
    }

    /** No step goes on any more: the next is told, whichever it is. */
    public void end() {
        step = "";
    }
}
