package io.gatehouse.dispatch;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Receiver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who takes what arrives at topics of this device that are neither command nor desired. */
final class Receivers {
    private static final System.Logger LOG = System.getLogger(Receivers.class.getName());

    private final List<Registered> all = new CopyOnWriteArrayList<>();

    private record Registered(String below, Receiver receiver) {}

    void add(String below, Receiver receiver) {
        all.add(new Registered(below, receiver));
    }

    void remove(Receiver receiver) {
        all.removeIf(registered -> registered.receiver() == receiver);
    }

    /** The topics, below the device's own name, that somebody takes. */
    List<String> topics() {
        return all.stream().map(Registered::below).distinct().toList();
    }

    void receive(String below, Message message) {
        for (Registered registered : all) {
            if (registered.below().equals(below)) {
                try {
                    registered.receiver().receive(message);
                } catch (RuntimeException
                        | LinkageError e) { // somebody else's code; the next message is none of its business
                    LOG.log(
                            System.Logger.Level.ERROR,
                            "receiver of \"" + below + "\" failed: " + registered.receiver(),
                            e);
                }
            }
        }
    }
}
