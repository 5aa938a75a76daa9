package com.example.amqp;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** A device with what it has to send, which notes what became of it. */
final class Device implements Endpoint, Outgoing {
    final List<String> answers = new CopyOnWriteArrayList<>();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    volatile List<String> filters = List.of("d/cmd/+");
    volatile Runnable filtersChanged = () -> {};
    private final LinkedBlockingDeque<String> waiting = new LinkedBlockingDeque<>();

    void put(String... topics) {
        waiting.addAll(List.of(topics));
    }

    @Override
    public Parcel take() throws InterruptedException {
        String topic = waiting.take();
        return new Parcel() {
            @Override
            public Message message() {
                return Message.json(topic, new byte[] {'{', '}'});
            }

            @Override
            public void acknowledged() {
                answers.add(topic + " acknowledged");
            }

            @Override
            public void returned() {
                answers.add(topic + " returned");
                waiting.addFirst(topic);
            }

            @Override
            public void refused(String why) {
                answers.add(topic + " refused " + why);
            }
        };
    }

    @Override
    public String clientId() {
        return "device";
    }

    @Override
    public Duration sessionExpiry() {
        return Duration.ofDays(1);
    }

    @Override
    public List<String> filters() {
        return filters;
    }

    @Override
    public Optional<Message> online() {
        return Optional.of(Message.json("d/status", new byte[0]));
    }

    @Override
    public Optional<Message> will() {
        return Optional.empty();
    }

    @Override
    public void receive(Message message) {
        answers.add("received " + message.topic());
    }

    @Override
    public void connected(Runnable changed) {
        filtersChanged = changed;
        connections.incrementAndGet();
    }

    @Override
    public void disconnected(String why) {
        troubles.add(why);
    }
}
