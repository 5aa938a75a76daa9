package io.gatehouse.outbox;

import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/** Brings what is in memory onto flash. Guarded by the lock of {@link Queue}, but where it says otherwise. */
final class Keeper {
    private static final System.Logger LOG = System.getLogger(Keeper.class.getName());

    private final Flash flash;
    private final Waiting waiting;
    private final Room room;
    private final Lock lock;
    private final Consumer<String> trouble;
    private boolean failing;

    /**
     * One that begins in the hope that flash can be written.
     *
     * @param trouble is told once, with the lock, when it cannot
     */
    Keeper(Flash flash, Waiting waiting, Room room, Lock lock, Consumer<String> trouble) {
        this.flash = flash;
        this.waiting = waiting;
        this.room = room;
        this.lock = lock;
        this.trouble = trouble;
    }

    /** Whether flash could not be written when that was tried last. */
    boolean isFailing() {
        return failing;
    }

    /**
     * Appends what is in memory only, the oldest first.
     *
     * @param notAfter when the youngest was put
     * @param most about how many bytes
     * @return whether there is more that could be
     */
    boolean keep(Rank rank, long notAfter, long most) {
        long left = most;
        while (true) {
            Optional<Letter> oldest = waiting.memory(rank).oldest().filter(letter -> letter.since() - notAfter <= 0);
            if (oldest.isEmpty() || left <= 0) {
                return oldest.isPresent();
            }
            left -= oldest.get().bytes();
            if (!append(oldest.get())) {
                return false;
            }
        }
    }

    /** Returns when all that was appended is on flash, or cannot be now. To be called without the lock. */
    void sync() {
        try {
            flash.sync();
            lock.lock();
            try {
                succeeded();
            } finally {
                lock.unlock();
            }
        } catch (IOException e) {
            lock.lock();
            try {
                failed(e);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether a message can be a record of the store. */
    static boolean fits(int payload) {
        return payload <= Store.LARGEST / 2;
    }

    private boolean append(Letter letter) {
        byte[] record = Written.of(letter).write();
        while (true) {
            try {
                waiting.stored(letter, flash.append(letter.rank(), record));
                return true;
            } catch (NoRoom e) {
                // where flash can be written, something else has to give way
                if (e.getCause() != null || !room.dropStored(letter.rank())) {
                    failed(e);
                    return false;
                }
            }
        }
    }

    private void failed(IOException e) {
        if (!failing) {
            failing = true;
            LOG.log(System.Logger.Level.ERROR, "what goes out is kept in memory, which a power cut empties", e);
            trouble.accept(String.valueOf(e.getMessage()));
        }
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            LOG.log(System.Logger.Level.INFO, "what goes out is kept on flash again");
        }
    }
}
