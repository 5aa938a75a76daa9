package io.gatehouse.acceptance;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Messages that wait to leave, each in its place, with a close eye on what a transport does to them. */
public final class OrderedOutgoing implements Outgoing {
    private final TreeMap<Long, Message> waiting = new TreeMap<>();
    private final Set<Long> taken = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private long last;
    private int acknowledged;
    private int returned;
    private int mostTaken;
    private int refused;

    public synchronized void put(Message message) {
        waiting.put(++last, message);
        notifyAll();
    }

    /** How many are acknowledged for good. */
    public synchronized int acknowledged() {
        return acknowledged;
    }

    /** How many cannot be sent. */
    public synchronized int refused() {
        return refused;
    }

    /** How often one came back. */
    public synchronized int returned() {
        return returned;
    }

    /** How many neither wait nor are answered. */
    public synchronized int underway() {
        return taken.size();
    }

    /** How many were on their way at one moment, at most. */
    public synchronized int mostUnderway() {
        return mostTaken;
    }

    /** What a transport must not do, and did. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public synchronized Parcel take() throws InterruptedException {
        while (waiting.isEmpty()) {
            wait();
        }
        Map.Entry<Long, Message> first = waiting.pollFirstEntry();
        taken.add(first.getKey());
        mostTaken = Math.max(mostTaken, taken.size());
        return new Numbered(first.getKey(), first.getValue());
    }

    private synchronized void acknowledge(long number) {
        if (taken.remove(number)) {
            acknowledged++;
        } else {
            violations.add("answered twice: " + number);
        }
    }

    private synchronized void refuse(long number) {
        if (taken.remove(number)) {
            refused++;
        } else {
            violations.add("answered twice: " + number);
        }
    }

    private synchronized void giveBack(long number, Message message) {
        if (taken.remove(number)) {
            returned++;
            waiting.put(number, message);
            notifyAll();
        } else {
            violations.add("answered twice: " + number);
        }
    }

    private final class Numbered implements Parcel {
        private final long number;
        private final Message message;

        Numbered(long number, Message message) {
            this.number = number;
            this.message = message;
        }

        @Override
        public Message message() {
            return message;
        }

        @Override
        public void acknowledged() {
            acknowledge(number);
        }

        @Override
        public void returned() {
            giveBack(number, message);
        }

        @Override
        public void refused(String why) {
            refuse(number);
        }
    }
}
