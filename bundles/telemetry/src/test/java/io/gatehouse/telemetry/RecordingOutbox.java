package io.gatehouse.telemetry;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was put out. */
final class RecordingOutbox implements Outbox {
    final List<Observation> observations = new CopyOnWriteArrayList<>();
    final List<Map<String, ?>> events = new CopyOnWriteArrayList<>();

    volatile boolean isBroken;

    record Observation(String topic, Map<String, ?> body, boolean alsoAtPlace, long nanos) {}

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        if (isBroken) {
            throw new IllegalStateException("the outbox is broken");
        }
        observations.add(new Observation(topic, body, alsoAtPlace, System.nanoTime()));
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        if (!name.equals("collector")) {
            throw new AssertionError("unexpected event " + name);
        }
        events.add(body);
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        throw new AssertionError("unexpected report of " + resource);
    }

    @Override
    public void send(Message message) {
        throw new AssertionError("unexpected message at " + message.topic());
    }

    List<Observation> at(String topic) {
        return observations.stream().filter(o -> o.topic().equals(topic)).toList();
    }

    /** The states of a collector that events told, in order. */
    List<String> statesOf(String collector) {
        return events.stream()
                .filter(body -> body.get("collector").equals(collector))
                .map(body -> (String) body.get("state"))
                .toList();
    }

    String causeOf(String collector, String state) {
        return events.stream()
                .filter(body -> body.get("collector").equals(collector)
                        && body.get("state").equals(state))
                .map(body -> (String) body.get("cause"))
                .findFirst()
                .orElseThrow();
    }
}
