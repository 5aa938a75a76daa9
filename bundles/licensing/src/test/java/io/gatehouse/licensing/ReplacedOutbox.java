package io.gatehouse.licensing;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import java.time.Instant;
import java.util.Map;

/** An outbox until another takes its place. */
final class ReplacedOutbox implements Outbox {
    private final Outbox outbox;
    volatile boolean isReplaced;

    ReplacedOutbox(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        inPlace().observation(topic, at, body, alsoAtPlace);
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        inPlace().event(name, body);
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        inPlace().report(resource, body);
    }

    @Override
    public void send(Message message) {
        inPlace().send(message);
    }

    private Outbox inPlace() {
        if (isReplaced) {
            throw new IllegalStateException("another outbox has taken its place");
        }
        return outbox;
    }
}
