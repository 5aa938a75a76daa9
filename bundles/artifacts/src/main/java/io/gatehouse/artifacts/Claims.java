package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifacts.Hold;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who needs which artifact now: each is fetched by one at a time, and what is fetched or held is not forgotten. */
final class Claims {
    private final Map<Sha256, Thread> fetchers = new HashMap<>();
    private final Map<Sha256, Integer> held = new HashMap<>();
    private boolean closed;

    /** Waits until nobody fetches this artifact. From here to its end the calling thread may be interrupted. */
    synchronized void begin(Sha256 sha256) throws InterruptedException {
        while (!closed && fetchers.containsKey(sha256)) {
            wait();
        }
        if (closed) {
            throw new InterruptedException("no artifact is fetched here any more");
        }
        fetchers.put(sha256, Thread.currentThread());
    }

    synchronized void end(Sha256 sha256) {
        fetchers.remove(sha256);
        notifyAll();
    }

    /** Ends all fetches: another store writes to the same files from here on. */
    synchronized void close() {
        closed = true;
        fetchers.values().forEach(Thread::interrupt);
        notifyAll();
    }

    synchronized Hold hold(Collection<Sha256> artifacts) {
        List<Sha256> mine = List.copyOf(artifacts);
        mine.forEach(sha256 -> held.merge(sha256, 1, Integer::sum));
        return new Hold() {
            private boolean open = true;

            @Override
            public void close() {
                synchronized (Claims.this) {
                    if (open) {
                        open = false;
                        mine.forEach(sha256 -> held.computeIfPresent(sha256, (key, n) -> n == 1 ? null : n - 1));
                    }
                }
            }
        };
    }

    /** Lets the shelf forget all but these and what is claimed. Nobody makes a claim meanwhile. */
    synchronized void retain(Shelf shelf, Set<Sha256> wanted) throws IOException {
        Set<Sha256> kept = new HashSet<>(wanted);
        kept.addAll(fetchers.keySet());
        kept.addAll(held.keySet());
        shelf.retain(kept);
    }
}
