package io.gatehouse.acceptance;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who connects, and remembers what happens to it. */
public final class RecordingEndpoint implements Endpoint {
    private final String clientId;
    private final List<Message> received = new CopyOnWriteArrayList<>();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Duration sessionExpiry = Duration.ofHours(1);
    private volatile List<String> filters = List.of();
    private volatile Optional<Message> online = Optional.empty();
    private volatile Optional<Message> will = Optional.empty();
    private volatile Taking taking = message -> {};

    /** What is done with a message before it counts as received. */
    @FunctionalInterface
    public interface Taking {
        void take(Message message) throws InterruptedException;
    }

    public RecordingEndpoint(String clientId, String... filters) {
        this.clientId = clientId;
        this.filters = List.of(filters);
    }

    /** Nothing is kept for it while it is away. */
    public RecordingEndpoint withoutSession() {
        sessionExpiry = Duration.ZERO;
        return this;
    }

    public RecordingEndpoint announcing(Message online, Message will) {
        this.online = Optional.of(online);
        this.will = Optional.of(will);
        return this;
    }

    public RecordingEndpoint taking(Taking taking) {
        this.taking = taking;
        return this;
    }

    /** What was received, in order. */
    public List<Message> received() {
        return received;
    }

    /** The payloads of what was received, as text. */
    public List<String> texts() {
        return received.stream().map(message -> new String(message.payload())).toList();
    }

    /** Each reason that was given for having no connection. */
    public List<String> troubles() {
        return troubles;
    }

    /** How often it was connected. */
    public int connections() {
        return connections.get();
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public Duration sessionExpiry() {
        return sessionExpiry;
    }

    @Override
    public List<String> filters() {
        return filters;
    }

    @Override
    public Optional<Message> online() {
        return online;
    }

    @Override
    public Optional<Message> will() {
        return will;
    }

    @Override
    public void receive(Message message) throws InterruptedException {
        taking.take(message);
        received.add(message);
    }

    @Override
    public void connected(Runnable filtersChanged) {
        connections.incrementAndGet();
    }

    @Override
    public void disconnected(String why) {
        troubles.add(why);
    }
}
