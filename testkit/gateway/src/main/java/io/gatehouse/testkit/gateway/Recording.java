package io.gatehouse.testkit.gateway;

import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** All that was published, in order. Thread-safe. */
final class Recording {
    private final List<Message> all = new ArrayList<>();

    /** What a broker tells again to whoever subscribes anew, and was the last at its topic already, is no news. */
    synchronized void add(Message message) {
        if (message.retain()
                && last(message.topic()).filter(last -> isSame(last, message)).isPresent()) {
            return;
        }
        all.add(message);
        notifyAll();
    }

    private Optional<Message> last(String topic) {
        for (int at = all.size() - 1; at >= 0; at--) {
            if (all.get(at).topic().equals(topic)) {
                return Optional.of(all.get(at));
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(Message one, Message other) {
        return Arrays.equals(one.payload(), other.payload()) && one.properties().equals(other.properties());
    }

    /** How much there is: a place to look on from. */
    synchronized int mark() {
        return all.size();
    }

    /** A message, and the place behind it. */
    record Found(Message message, int next) {}

    /** The first that fits from this place on; nothing where none came in that time. */
    synchronized Optional<Found> await(int from, Predicate<Message> fits, Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        int at = from;
        while (true) {
            for (; at < all.size(); at++) {
                if (fits.test(all.get(at))) {
                    return Optional.of(new Found(all.get(at), at + 1));
                }
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left / 1_000_000 + 1);
        }
    }

    /** All that fit from this place on. */
    synchronized List<Message> since(int from, Predicate<Message> fits) {
        return all.stream().skip(from).filter(fits).toList();
    }
}
