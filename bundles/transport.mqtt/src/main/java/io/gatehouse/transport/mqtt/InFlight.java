package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Outgoing.Parcel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Parcels on their way over one link, from the oldest to the newest. Each is acknowledged or returned, once: an answer that
 * comes after all were returned is not heard. One thread adds and waits, any thread does the rest.
 */
final class InFlight {
    /** Through a window that is smaller than this, a message that waited for others would hold up those behind it. */
    private static final int WIDE = 16;

    private static final int NOT_WAITING = -1;

    private final Map<Long, Parcel> parcels = new LinkedHashMap<>();
    private final Crowd crowd;
    private boolean crowded;
    private long newest;
    private int window = 1;
    /** How many may be left for the thread that waits to go on. */
    private int awaited = NOT_WAITING;

    /** Told when more is to be sent than the window lets through, and when it has become quiet. */
    interface Crowd {
        void gather(boolean crowded);
    }

    InFlight(Crowd crowd) {
        this.crowd = crowd;
    }

    /** At most so many from now on. */
    synchronized void bound(int window) {
        this.window = window;
    }

    /** Waits until one more may be on its way. */
    synchronized void awaitRoom() throws InterruptedException {
        if (parcels.size() < window) {
            return;
        }
        if (!crowded && window >= WIDE) {
            crowded = true;
            crowd.gather(true);
        }
        while (parcels.size() >= window) {
            awaitAtMost(window - 1, Long.MAX_VALUE);
        }
    }

    /** Waits until none is on its way, which it answers, or this much time passed. */
    synchronized boolean awaitNone(long nanos) throws InterruptedException {
        awaitAtMost(0, nanos);
        return parcels.isEmpty();
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

    private synchronized void awaitAtMost(int most, long nanos) throws InterruptedException {
        long begin = System.nanoTime();
        awaited = most;
        try {
            for (long left = nanos; parcels.size() > most && left > 0; left = nanos - (System.nanoTime() - begin)) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } finally {
            awaited = NOT_WAITING;
        }
    }

    private synchronized @Nullable Parcel remove(long number) {
        Parcel parcel = parcels.remove(number);
        if (crowded && parcels.size() <= window / 4) {
            crowded = false;
            crowd.gather(false);
        }
        wake();
        return parcel;
    }

    private synchronized List<Parcel> removeAll() {
        List<Parcel> all = new ArrayList<>(parcels.values());
        parcels.clear();
        wake();
        return all;
    }

    private synchronized void wake() {
        if (parcels.size() <= awaited) {
            notifyAll();
        }
    }
}
