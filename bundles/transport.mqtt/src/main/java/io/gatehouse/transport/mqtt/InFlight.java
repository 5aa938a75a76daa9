package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Outgoing.Parcel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parcels on their way over one link, from the oldest to the newest. Each is acknowledged or returned, once: an answer that
 * comes after all were returned is not heard. One thread adds, any thread does the rest.
 */
final class InFlight {
    private final Map<Long, Parcel> parcels = new LinkedHashMap<>();
    private long newest;
    private int window = 1;

    /** At most so many from now on. */
    synchronized void bound(int window) {
        this.window = window;
    }

    /** Waits until one more may be on its way. */
    synchronized void awaitRoom() throws InterruptedException {
        while (parcels.size() >= window) {
            wait();
        }
    }

    /** Waits until none is on its way, or this much time passed. */
    synchronized void awaitNone(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; !parcels.isEmpty() && left > 0; left = end - System.nanoTime()) {
            wait(left / 1_000_000 + 1);
        }
    }

    /** The number by which the parcel is known here. */
    synchronized long add(Parcel parcel) {
        parcels.put(++newest, parcel);
        return newest;
    }

    void acknowledge(long number) {
        Parcel parcel = remove(number);
        if (parcel != null) {
            parcel.acknowledged();
        }
    }

    void returnAll() {
        removeAll().forEach(Parcel::returned);
    }

    private synchronized @Nullable Parcel remove(long number) {
        notifyAll();
        return parcels.remove(number);
    }

    private synchronized List<Parcel> removeAll() {
        List<Parcel> all = new ArrayList<>(parcels.values());
        parcels.clear();
        notifyAll();
        return all;
    }
}
