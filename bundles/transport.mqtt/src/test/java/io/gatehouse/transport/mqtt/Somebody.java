package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Both sides that a transport stands between: what waits to leave, and who takes what arrives. */
final class Somebody implements Endpoint, Outgoing {
    final List<Message> received = new CopyOnWriteArrayList<>();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger acknowledged = new AtomicInteger();
    final AtomicInteger returned = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    volatile Duration sessionExpiry = Duration.ofHours(1);
    volatile List<String> filters = List.of("down/#");
    volatile Optional<Message> online = Optional.empty();
    volatile Optional<Message> will = Optional.empty();
    volatile CountDownLatch mayReceive = new CountDownLatch(0);

    volatile Runnable filtersChanged = () -> {};

    private final TreeMap<Integer, Message> waiting = new TreeMap<>();
    private int last;

    static Message text(String topic, String text) {
        return Message.json(topic, text.getBytes(StandardCharsets.UTF_8));
    }

    synchronized void put(Message message) {
        waiting.put(++last, message);
        notifyAll();
    }

    void publishNumbers(int from, int to) {
        for (int number = from; number <= to; number++) {
            put(text("up", String.valueOf(number)));
        }
    }

    @Override
    public synchronized Parcel take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        Map.Entry<Integer, Message> first = waiting.pollFirstEntry();
        return new Parcel() {
            @Override
            public Message message() {
                return first.getValue();
            }

            @Override
            public void acknowledged() {
                acknowledged.incrementAndGet();
            }

            @Override
            public void returned() {
                returned.incrementAndGet();
                putBack(first.getKey(), first.getValue());
            }

            @Override
            public void refused(String why) {
                refused.incrementAndGet();
            }
        };
    }

    /** What no transport has taken. */
    synchronized int left() {
        return waiting.size();
    }

    private synchronized void putBack(int number, Message message) {
        waiting.put(number, message);
        notifyAll();
    }

    @Override
    public String clientId() {
        return "somebody";
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
        mayReceive.await();
        received.add(message);
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
