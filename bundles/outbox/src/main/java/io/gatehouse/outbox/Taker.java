package io.gatehouse.outbox;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Takes what leaves next, and reads it where it is on flash: that without the lock, for flash may be slow. */
final class Taker {
    private static final System.Logger LOG = System.getLogger(Taker.class.getName());
    private static final long AGAIN = Duration.ofSeconds(1).toNanos();

    private final Waiting waiting;
    private final Flash flash;
    private final Room room;
    private final ReentrantLock lock;
    private final Condition arrived;
    private final LongSupplier nanos;
    private final Stamp stamp;
    private final long began;

    // guarded by lock
    private long readAgain;
    private boolean stopped;

    /**
     * What was taken out of its lane.
     *
     * @param number 0 where it is in memory
     * @param letter null where it is to be read
     */
    private record Taken(Lane lane, long number, @Nullable Letter letter) {}

    Taker(
            Waiting waiting,
            Flash flash,
            Room room,
            ReentrantLock lock,
            Condition arrived,
            LongSupplier nanos,
            Stamp stamp) {
        this.waiting = waiting;
        this.flash = flash;
        this.room = room;
        this.lock = lock;
        this.arrived = arrived;
        this.nanos = nanos;
        this.stamp = stamp;
        began = nanos.getAsLong();
        readAgain = began;
    }

    /** Waits until there is one. Without the lock. */
    Letter take() throws InterruptedException {
        while (true) {
            Taken taken = next();
            Letter letter = taken.letter() == null ? read(taken) : taken.letter();
            if (letter != null) {
                return letter;
            }
        }
    }

    /** From now on nothing leaves. With the lock. */
    void stop() {
        stopped = true;
    }

    private Taken next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                long now = nanos.getAsLong();
                Optional<Lane> lane = stopped ? Optional.empty() : waiting.next(now, now - readAgain >= 0);
                if (lane.isPresent()) {
                    return next(lane.get());
                }
                long pause = stopped ? 0 : Math.max(waiting.pause(now), readAgain - now);
                if (pause > 0) {
                    long unused = arrived.awaitNanos(pause);
                } else {
                    arrived.await();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static Taken next(Lane lane) {
        return lane.firstStored() > 0 ? new Taken(lane, lane.takeStored(), null) : new Taken(lane, 0, lane.takeFresh());
    }

    private @Nullable Letter read(Taken taken) {
        Rank rank = taken.lane().rank();
        try {
            Optional<byte[]> record = flash.read(rank, taken.number());
            if (record.isPresent()) {
                return Written.read(record.get()).letter(taken.lane(), taken.number(), stamp, began);
            }
            gone(taken);
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot read number " + taken.number() + " of " + rank.line(), e);
            gone(taken);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read what is to go out; tried again", e);
            notNow(taken);
        }
        return null;
    }

    /** Of answers it may have been a report, and a newer one took its place just now. */
    private void gone(Taken taken) {
        Rank rank = taken.lane().rank();
        lock.lock();
        try {
            taken.lane().gone();
            if (!stopped) {
                flash.remove(rank, taken.number());
            }
            if (rank != Rank.ANSWER) {
                room.lost(rank, "number " + taken.number() + " of its " + rank.line());
            }
        } finally {
            lock.unlock();
        }
    }

    private void notNow(Taken taken) {
        lock.lock();
        try {
            taken.lane().returned(taken.number());
            readAgain = nanos.getAsLong() + AGAIN;
        } finally {
            lock.unlock();
        }
    }
}
