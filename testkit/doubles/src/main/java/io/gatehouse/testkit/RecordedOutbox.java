package io.gatehouse.testkit;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An outbox that keeps what it is given, in order. Thread-safe. */
public final class RecordedOutbox implements Outbox {
    private final List<Said> said = new CopyOnWriteArrayList<>();
    private final List<Message> sent = new CopyOnWriteArrayList<>();

    /** What sort of message it was. */
    public enum Kind {
        OBSERVATION,
        EVENT,
        REPORT
    }

    /**
     * A message.
     *
     * @param name of the event, the resource, or the observation's topic below the device's name
     */
    public record Said(Kind kind, String name, Map<String, ?> body) {}

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        said.add(new Said(Kind.OBSERVATION, topic, body));
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        said.add(new Said(Kind.EVENT, name, body));
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        said.add(new Said(Kind.REPORT, resource, body));
    }

    @Override
    public void send(Message message) {
        sent.add(message);
    }

    /** The bodies of all events of this name. */
    public List<Map<String, ?>> events(String name) {
        return bodies(Kind.EVENT, name);
    }

    /** The bodies of all reports of this resource. */
    public List<Map<String, ?>> reports(String resource) {
        return bodies(Kind.REPORT, resource);
    }

    /** The bodies of all observations at this topic, below the device's name. */
    public List<Map<String, ?>> observations(String topic) {
        return bodies(Kind.OBSERVATION, topic);
    }

    /** The messages that were sent whole. */
    public List<Message> sent() {
        return List.copyOf(sent);
    }

    private List<Map<String, ?>> bodies(Kind kind, String name) {
        List<Map<String, ?>> bodies = new ArrayList<>();
        said.stream()
                .filter(one -> one.kind() == kind && one.name().equals(name))
                .forEach(one -> bodies.add(one.body()));
        return bodies;
    }
}
