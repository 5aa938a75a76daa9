package io.gatehouse.acceptance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What went through a proxy. */
final class Traffic {
    private final Map<String, List<Long>> expiries = new HashMap<>();
    private int mostFromClient;
    private int mostToClient;
    private int received;
    private final SortedSet<Long> lost = new TreeSet<>();
    private int acknowledgementsLost;

    /** A message of the client, after which so many are not acknowledged. */
    synchronized void fromClient(int underway) {
        mostFromClient = Math.max(mostFromClient, underway);
    }

    /** A message to the client, after which so many are not acknowledged. */
    synchronized void toClient(Packet publish, int underway) {
        received++;
        mostToClient = Math.max(mostToClient, underway);
        publish.expiry().ifPresent(seconds -> expiries.computeIfAbsent(publish.topic(), any -> new ArrayList<>())
                .add(seconds));
    }

    /** An acknowledgement that never reached the client. */
    synchronized void acknowledgementLost() {
        acknowledgementsLost++;
    }

    /** An acknowledged message that never reached the broker. */
    synchronized void lost(long seq) {
        lost.add(seq);
    }

    /** The numbers, by {@code seq}, of the messages that never reached the broker. */
    synchronized SortedSet<Long> lost() {
        return new TreeSet<>(lost);
    }

    /** How many messages of a client were not acknowledged at one moment, at most. */
    synchronized int mostFromClient() {
        return mostFromClient;
    }

    /** How many messages to a client were not acknowledged at one moment, at most. */
    synchronized int mostToClient() {
        return mostToClient;
    }

    /** How many messages went to clients. */
    synchronized int received() {
        return received;
    }

    /** How many acknowledgements were kept from clients. */
    synchronized int acknowledgementsLost() {
        return acknowledgementsLost;
    }

    /** The Message Expiry Intervals, in seconds, with which messages at this topic went to clients. */
    synchronized List<Long> expiries(String topic) {
        return List.copyOf(expiries.getOrDefault(topic, List.of()));
    }
}
