package io.gatehouse.dispatch;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Outbox;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Says what came that nobody should have sent; of each type and topic once in a while, as anybody can send it as often as they
 * like.
 */
final class SecurityEvents {
    /** Between two events of one type at first; twice that each time, as long as there are more. */
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

    /** Each event is a write to flash. */
    private static final long LONGEST_INTERVAL = Duration.ofHours(1).toNanos();

    /** Counted apart; beyond them those of one type are counted together, as anybody can make up topics too. */
    private static final int MOST_APART = 64;

    private final Outbox outbox;
    private final LongSupplier nanos;
    private final Map<String, Count> counts = new HashMap<>();

    SecurityEvents(Outbox outbox, LongSupplier nanos) {
        this.outbox = outbox;
        this.nanos = nanos;
    }

    /** The message that it is about. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record About(String topic, byte[] payload) {}

    private static final class Count {
        private long notBefore;
        private long untold;
        private long interval = INTERVAL;
    }

    /**
     * Tells of a finding, or only counts it.
     *
     * @param type one of a few lower-case words with hyphens
     */
    void tell(String type, String detail) {
        tell(type, type, detail, Map.of());
    }

    /** Tells of a finding in a message, or only counts it. */
    void tell(String type, String detail, About message) {
        tell(
                type + " " + message.topic(),
                type,
                detail,
                Map.of(
                        "topic", message.topic(),
                        "sha256", Sha256.of(message.payload()).hex()));
    }

    private void tell(String kind, String type, String detail, Map<String, Object> more) {
        long count = due(kind, type);
        if (count > 0) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("type", type);
            body.put("detail", detail);
            body.put("count", count);
            body.putAll(more);
            outbox.event("security", body);
        }
    }

    /** How many there were since the last that was told, this one among them; 0 where it is too early to tell. */
    private synchronized long due(String kind, String type) {
        long now = nanos.getAsLong();
        boolean isApart = counts.containsKey(kind) || counts.size() < MOST_APART;
        Count count = counts.computeIfAbsent(isApart ? kind : type, any -> {
            Count first = new Count();
            first.notBefore = now;
            return first;
        });
        count.untold++;
        if (now - count.notBefore < 0) {
            return 0;
        }
        long told = count.untold;
        count.untold = 0;
        count.interval = told > 1 ? Math.min(2 * count.interval, LONGEST_INTERVAL) : INTERVAL;
        count.notBefore = now + count.interval;
        return told;
    }
}
