package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes what arrives off Paho's hands at once, for a receiver that is slow must not hold up the acknowledgements of what
 * goes out. One thread hands it on in order, and acknowledges each message when the endpoint has it.
 */
final class Inbox {
    private static final Logger LOG = System.getLogger(Inbox.class.getName());

    private final Endpoint endpoint;
    private final int capacity;
    private final Thread thread;
    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    private boolean closed;

    private record Arrival(Link link, int id, int qos, Message message) {}

    /**
     * An inbox without anything in it.
     *
     * @param capacity messages; a broker that keeps to the receive maximum fills half of it at most, the other half is for
     *     what was left of the link before
     */
    Inbox(Endpoint endpoint, int capacity, ThreadGroup group) {
        this.endpoint = endpoint;
        this.capacity = capacity;
        this.thread = new Thread(group, this::handOn, "mqtt receiver");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Takes a message. Where there is no room one without acknowledgement is dropped, as QoS 0 allows; another waits. */
    synchronized void put(Link link, int id, int qos, Message message) throws InterruptedException {
        while (!closed && arrivals.size() >= capacity) {
            if (qos == 0) {
                return;
            }
            wait();
        }
        if (!closed) {
            arrivals.add(new Arrival(link, id, qos, message));
            notifyAll();
        }
    }

    /** Forgets what came over other links and was not handed on: the broker sends it again over this one. */
    synchronized void keepOnly(Link link) {
        arrivals.removeIf(arrival -> arrival.link() != link && arrival.qos() > 0);
        notifyAll();
    }

    /**
     * Hands nothing more on: what is left comes again with the next connection.
     *
     * @param nanos how long the endpoint may go on with the message it has
     */
    void close(long nanos) throws InterruptedException {
        synchronized (this) {
            closed = true;
            arrivals.clear();
            notifyAll();
        }
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, nanos));
        thread.interrupt();
    }

    private void handOn() {
        try {
            for (Arrival arrival = next(); arrival != null; arrival = next()) {
                receive(arrival.message());
                arrival.link().acknowledge(arrival.id(), arrival.qos());
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "closed while a message was being received; it will come again");
        }
    }

    private synchronized @Nullable Arrival next() throws InterruptedException {
        while (!closed && arrivals.isEmpty()) {
            wait();
        }
        Arrival arrival = arrivals.poll();
        notifyAll();
        return arrival;
    }

    private void receive(Message message) throws InterruptedException {
        try {
            endpoint.receive(message);
        } catch (RuntimeException | Error e) {
            // Somebody else's code, and a payload that may be too large for this memory. The message is acknowledged
            // all the same: it would only fail again, for ever.
            LOG.log(Level.ERROR, "message at " + message.topic() + " was not received", e);
        }
    }
}
