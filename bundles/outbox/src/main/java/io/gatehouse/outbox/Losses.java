package io.gatehouse.outbox;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts what was dropped until it is told. Not thread-safe. */
final class Losses {
    /** A link that comes and goes would otherwise fill the outbox with news of its own losses. */
    private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

    private final Map<Rank, Long> counts = new EnumMap<>(Rank.class);
    private long notBefore;

    Losses(long now) {
        notBefore = now;
    }

    /** Counts one; true where it is the first since the last were told. */
    boolean count(Rank rank) {
        boolean first = counts.isEmpty();
        counts.merge(rank, 1L, Long::sum);
        return first;
    }

    /** Adds what an outbox before this one did not tell. */
    void add(Map<Rank, Long> more) {
        more.forEach((rank, count) -> counts.merge(rank, count, Long::sum));
    }

    boolean none() {
        return counts.isEmpty();
    }

    /** What was not told yet. */
    Map<Rank, Long> counts() {
        return counts;
    }

    /** What is to be told now; then counting starts anew. */
    Optional<Map<String, Object>> due(long now) {
        if (none() || now - notBefore < 0) {
            return Optional.empty();
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("dropped", counts.values().stream().mapToLong(Long::longValue).sum());
        body.put("observations", counts.getOrDefault(Rank.OBSERVATION, 0L));
        body.put("events", counts.getOrDefault(Rank.EVENT, 0L));
        body.put("replies", counts.getOrDefault(Rank.ANSWER, 0L) + counts.getOrDefault(Rank.PASSING, 0L));
        counts.clear();
        notBefore = now + INTERVAL;
        return Optional.of(body);
    }
}
