package io.gatehouse.tasks;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps events of one name, and expects nothing else. */
public record Events(String name, List<Map<String, ?>> bodies) implements Outbox {
    public static Events of(String name) {
        return new Events(name, new CopyOnWriteArrayList<>());
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        if (!name.equals(this.name)) {
            throw new AssertionError("unexpected event " + name);
        }
        bodies.add(body);
    }

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        throw new AssertionError("unexpected observation " + topic);
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        throw new AssertionError("unexpected report " + resource);
    }

    @Override
    public void send(Message message) {
        throw new AssertionError("unexpected message " + message.topic());
    }
}
