package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Sha256;
import java.util.HashSet;
import java.util.Set;

/** Lets several artifacts be fetched at once, but each by one only. */
final class Turns {
    private final Set<Sha256> going = new HashSet<>();

    /** Waits until nobody fetches this artifact. */
    synchronized void begin(Sha256 sha256) throws InterruptedException {
        while (!going.add(sha256)) {
            wait();
        }
    }

    synchronized void end(Sha256 sha256) {
        going.remove(sha256);
        notifyAll();
    }

    /** What is being fetched. */
    synchronized Set<Sha256> going() {
        return Set.copyOf(going);
    }
}
