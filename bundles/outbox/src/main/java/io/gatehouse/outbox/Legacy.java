package io.gatehouse.outbox;

import io.gatehouse.api.store.Line;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/** Finds what an outbox before this one left on flash, in this process or before it. */
final class Legacy {
    private static final System.Logger LOG = System.getLogger(Legacy.class.getName());

    /** So much is read while the lock is held. */
    private static final int BLOCK = 32 << 10;

    private final Flash flash;
    private final Waiting waiting;
    private final Room room;
    private final Lock lock;
    private final Consumer<Found> found;
    private final Consumer<String> trouble;
    private volatile boolean stopped;

    /** A record that is not to be passed over. */
    record Found(Lane lane, long number, Written written) {}

    /**
     * Finds nothing yet.
     *
     * @param found is told of what is of use, with the lock
     * @param trouble is told of what cannot be read now, with the lock
     */
    Legacy(Flash flash, Waiting waiting, Room room, Lock lock, Consumer<Found> found, Consumer<String> trouble) {
        this.flash = flash;
        this.waiting = waiting;
        this.room = room;
        this.lock = lock;
        this.found = found;
        this.trouble = trouble;
    }

    /** Finds all of it, without the lock. What is put meanwhile is found too, where it is on flash. */
    void find() {
        find(Rank.ANSWER);
        find(Rank.EVENT);
        find(Rank.OBSERVATION);
        lock.lock();
        try {
            if (!stopped) {
                room.shrink();
            }
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        stopped = true;
    }

    private void find(Rank rank) {
        long after = 0;
        boolean more = true;
        while (more && !stopped) {
            lock.lock();
            try {
                List<Line.Entry> some = flash.read(rank, after, BLOCK);
                for (Line.Entry entry : some) {
                    found(rank, entry);
                    after = entry.number();
                }
                more = !some.isEmpty();
            } catch (IOException
                    | RuntimeException e) { // whatever becomes of another bundle's code, the rest is to leave
                leave(rank, e);
                more = false;
            } finally {
                if (!more) {
                    waiting.foundAll(rank);
                }
                lock.unlock();
            }
        }
    }

    private void leave(Rank rank, Exception e) {
        if (!stopped) {
            String what = "leaves the rest of its " + rank.line() + " to the next start";
            LOG.log(System.Logger.Level.ERROR, what, e);
            trouble.accept(what + ": " + e.getMessage());
        }
    }

    private void found(Rank rank, Line.Entry entry) {
        try {
            Written written = Written.read(entry.record());
            Lane lane = waiting.lane(
                    written.isPassing() ? Rank.PASSING : rank, written.message().topic());
            found.accept(new Found(lane, entry.number(), written));
        } catch (IllegalArgumentException e) {
            room.lost(rank, "number " + entry.number() + ": " + e.getMessage());
            flash.remove(rank, entry.number());
        }
    }
}
