package io.gatehouse.identity;

import io.gatehouse.api.message.Outbox;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Says that somebody answered a claim with what is no certificate for this device; not often, as anybody may. Thread-safe. */
final class Findings {
    static final String TYPE = "bad-certificate";

    private static final System.Logger LOG = System.getLogger(Findings.class.getName());
    private static final long INTERVAL = Duration.ofMinutes(10).toNanos();

    private final LongSupplier nanos;
    private Optional<Outbox> outbox = Optional.empty();
    private long count;
    private long notBefore;

    Findings(LongSupplier nanos) {
        this.nanos = nanos;
        this.notBefore = nanos.getAsLong();
    }

    /** Where they are told from now on, if anywhere; what nobody was told of is counted. */
    synchronized void tellAt(Optional<Outbox> where) {
        outbox = where;
    }

    synchronized void tell(String detail, String topic) {
        count++;
        long now = nanos.getAsLong();
        if (now - notBefore < 0) {
            return;
        }
        notBefore = now + INTERVAL;
        LOG.log(System.Logger.Level.WARNING, "what came at " + topic + " is not taken: " + detail);
        if (outbox.isPresent()) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("type", TYPE);
            body.put("detail", detail);
            body.put("count", count);
            body.put("topic", topic);
            outbox.get().event("security", body);
            count = 0;
        }
    }
}
