package io.gatehouse.dispatch;

import io.gatehouse.protocol.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Wishes that were refused and may be admitted later: what is retained comes once, in any order, and the trust document may
 * come last. In memory, as the broker brings them again to the next process. Thread-safe.
 */
final class Postponed {
    private static final int MOST = 256;
    private static final long MOST_BYTES = 1 << 20;

    private final Map<Topic.Desired, Incoming.Wish> wishes = new LinkedHashMap<>();
    private long bytes;

    /** Keeps a wish in place of an older one at its topic. Where there are too many the oldest go: anybody can send some. */
    synchronized void put(Incoming.Wish wish) {
        Incoming.Wish older = wishes.remove(wish.topic());
        bytes += size(wish) - (older == null ? 0 : size(older));
        wishes.put(wish.topic(), wish);
        for (var oldest = wishes.values().iterator(); wishes.size() > MOST || bytes > MOST_BYTES; ) {
            bytes -= size(oldest.next());
            oldest.remove();
        }
    }

    /** All of them, in the order in which they came; from now on there are none. */
    synchronized List<Incoming.Wish> takeAll() {
        List<Incoming.Wish> all = new ArrayList<>(wishes.values());
        wishes.clear();
        bytes = 0;
        return all;
    }

    private static long size(Incoming.Wish wish) {
        return (long) wish.message().payload().length + wish.topic().toString().length();
    }
}
