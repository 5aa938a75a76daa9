package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Outgoing.Parcel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Parcels on their way over one link, from the oldest to the newest. Each is taken out or returned, once: an answer that
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
    private long patience = Long.MAX_VALUE;
    /** Since when the oldest is the oldest. */
    private long since;
    /** How many may be left for the thread that waits to go on. */
    private int awaited = NOT_WAITING;

    /** Told when more is to be sent than the window lets through, and when it has become quiet. */
    interface Crowd {
        void gather(boolean crowded);
    }

    InFlight(Crowd crowd) {
        this.crowd = crowd;
    }

    /**
     * Sets bounds.
     *
     * @param window at most so many are on their way from now on
     * @param nanos the longest that the oldest waits for its acknowledgement when all before it are acknowledged
     */
    synchronized void bound(int window, long nanos) {
        this.window = window;
        this.patience = nanos;
    }

    /** Waits until one more may be on its way; false where the oldest waits too long, as nothing would move any more. */
    synchronized boolean awaitRoom() throws InterruptedException {
        if (parcels.size() >= window && !crowded && window >= WIDE) {
            crowded = true;
            crowd.gather(true);
        }
        while (parcels.size() >= window && patienceLeft() > 0) {
            awaitAtMost(window - 1, patienceLeft());
        }
        return patienceLeft() > 0;
    }

    private long patienceLeft() {
        return parcels.isEmpty() ? patience : patience - (System.nanoTime() - since);
    }

    /** Waits until none is on its way, which it answers, or this much time passed. */
    synchronized boolean awaitNone(long nanos) throws InterruptedException {
        awaitAtMost(0, nanos);
        return parcels.isEmpty();
    }

    /** The number by which the parcel is known here. */
    synchronized long add(Parcel parcel) {
        if (parcels.isEmpty()) {
            since = System.nanoTime();
        }
        parcels.put(++newest, parcel);
        return newest;
    }

    /** Takes one out: the broker answered. None where all were returned. */
    synchronized Optional<Parcel> remove(long number) {
        boolean oldest = !parcels.isEmpty() && parcels.keySet().iterator().next() == number;
        Parcel parcel = parcels.remove(number);
        if (oldest) {
            since = System.nanoTime();
        }
        if (crowded && parcels.size() <= window / 4) {
            crowded = false;
            crowd.gather(false);
        }
        wake();
        return Optional.ofNullable(parcel);
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
