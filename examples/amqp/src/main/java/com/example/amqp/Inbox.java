package com.example.amqp;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import java.lang.System.Logger.Level;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Hands on what came, in order, in a thread of its own: who takes long must not hold up what goes out. */
final class Inbox {
    private static final System.Logger LOG = System.getLogger(Inbox.class.getName());

    private final Endpoint endpoint;
    private final Thread thread = new Thread(this::handOn, "amqp receiver");

    /** No longer than the credit that links give: the broker sends no more until some of it is handed on. */
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    /** A message, and what tells the broker that the endpoint has it. */
    record Arrival(Message message, Runnable whenReceived) {}

    Inbox(Endpoint endpoint) {
        this.endpoint = endpoint;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void put(Arrival arrival) {
        arrivals.add(arrival);
    }

    /** Forgets what was not handed on: it comes again with the next link. */
    void forget() {
        arrivals.clear();
    }

    /** Hands nothing more on. */
    void close() {
        forget();
        thread.interrupt();
    }

    private void handOn() {
        try {
            while (true) {
                Arrival arrival = arrivals.take();
                receive(arrival.message());
                arrival.whenReceived().run();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "closed; a message that was being received will come again");
        }
    }

    private void receive(Message message) throws InterruptedException {
        try {
            endpoint.receive(message);
        } catch (RuntimeException | Error e) {
            // Somebody else's code. The broker is told that it is received all the same: it would only fail again, for
            // ever.
            LOG.log(Level.ERROR, "message at " + message.topic() + " was not received", e);
        }
    }
}
