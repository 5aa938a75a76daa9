package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers the events that were told. */
final class EventLog implements Outbox {
    final List<Map<String, ?>> events = new CopyOnWriteArrayList<>();

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        throw new AssertionError("no observation is made here");
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        if (!name.equals("tunnel")) {
            throw new AssertionError(name);
        }
        events.add(body);
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        throw new AssertionError("no report is made here");
    }

    @Override
    public void send(Message message) {
        throw new AssertionError("no message is sent here");
    }

    List<String> states() {
        return events.stream().map(event -> String.valueOf(event.get("state"))).toList();
    }

    Map<String, ?> last() {
        return events.get(events.size() - 1);
    }
}
