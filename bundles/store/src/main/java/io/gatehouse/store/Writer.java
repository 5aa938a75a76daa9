package io.gatehouse.store;

import io.gatehouse.api.store.NoRoom;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers changes and writes them: when somebody syncs, when they are many, or after a while. Those who sync at the same time share one
 * write, and nobody who only adds waits for flash, unless flash is slower than they are.
 */
final class Writer {
    private static final System.Logger LOG = System.getLogger(Writer.class.getName());

    /** So much is written although nobody asked for it. */
    static final int MANY = 64 << 10;

    /** So much is held in memory while flash cannot be written. */
    static final int MOST = 512 << 10;

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Segments segments;
    private final Index index;
    private final Cleaner cleaner;
    private final Later later;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock lock;
    private volatile Limits limits;

    // guarded by lock
    private Batch batch = new Batch(1);
    private @Nullable Batch inFlight;
    private boolean scheduled;
    private boolean closed;
    private @Nullable IOException failure;

    // guarded by writing
    private long lastOnFlash;
    private boolean cluttered;

    Writer(Segments segments, Index index, ReentrantLock lock, Later later, Limits limits) {
        this.segments = segments;
        this.index = index;
        this.lock = lock;
        this.cleaner = new Cleaner(segments, index, lock);
        this.later = later;
        this.limits = limits;
    }

    void limits(Limits limits) {
        this.limits = limits;
    }

    /** A change of this item that is not on flash yet. With the lock. */
    @Nullable
    Frame pending(Item item) {
        Frame newest = batch.get(item);
        return newest == null && inFlight != null ? inFlight.get(item) : newest;
    }

    /** Adds a change. With the lock. */
    void put(Frame frame) {
        batch.put(frame);
    }

    /** Adds that a record is gone. With the lock. */
    void remove(Item item) {
        batch.remove(item);
    }

    /** Makes sure that so many bytes can be held until they are written. Without the lock. */
    void makeRoom(int bytes) throws NoRoom {
        @Nullable IOException cause = over(bytes) ? failure() : null;
        if (cause == null && over(bytes)) {
            try {
                sync();
            } catch (IOException e) {
                cause = e;
            }
        }
        if (cause != null && over(bytes)) {
            throw new NoRoom(
                    "flash cannot be written (" + cause.getMessage() + "), and what waits for it takes all of the "
                            + MOST + " bytes of memory that it may",
                    cause);
        }
    }

    /** To be called after each change, without the lock. */
    void changed() {
        boolean now;
        lock.lock();
        try {
            schedule();
            now = failure == null && (limits.within().isZero() || batch.bytes() >= MANY);
        } finally {
            lock.unlock();
        }
        if (now && (limits.within().isZero() || !writing.isLocked())) {
            syncQuietly();
        }
    }

    /** Returns when all changes until now are on flash. Without the lock. */
    void sync() throws IOException {
        long wanted;
        lock.lock();
        try {
            wanted = batch.isEmpty() ? batch.number() - 1 : batch.number();
        } finally {
            lock.unlock();
        }
        writing.lock();
        try {
            if (lastOnFlash < wanted) {
                write();
            }
        } finally {
            writing.unlock();
        }
    }

    /** Writes what is left, and no more. */
    void close() throws IOException {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        writing.lock();
        try (segments) {
            write();
        } finally {
            writing.unlock();
        }
    }

    private void write() throws IOException {
        Batch out = begin();
        if (out.isEmpty()) {
            return;
        }
        boolean written = false;
        try {
            if (failure() != null) {
                cleaner.deleteUseless();
            }
            List<Long> places = segments.write(frames(out), this::name);
            settle(out, places);
            written = true;
        } catch (IOException e) {
            failed(e);
            throw e;
        } finally {
            end(out, written);
        }
        clean();
    }

    private Batch begin() {
        lock.lock();
        try {
            Batch out = batch;
            if (!out.isEmpty()) {
                inFlight = out;
                batch = new Batch(out.number() + 1);
            }
            return out;
        } finally {
            lock.unlock();
        }
    }

    private List<Frame> frames(Batch out) {
        lock.lock();
        try {
            return out.frames();
        } finally {
            lock.unlock();
        }
    }

    /** What was removed meanwhile is on flash for nothing: that it is removed is in the next batch. */
    private void settle(Batch out, List<Long> places) {
        lock.lock();
        try {
            int next = 0;
            for (Frame frame : out.items()) {
                long place = places.get(next++);
                if (frame.kind() != Frame.Kind.DROP && index.isThere(frame.item())) {
                    index.settle(frame.item(), place, frame.length());
                }
            }
            if (failure != null) {
                failure = null;
                LOG.log(System.Logger.Level.INFO, "flash can be written again");
            }
        } finally {
            lock.unlock();
        }
        lastOnFlash = out.number();
    }

    private void end(Batch out, boolean written) {
        lock.lock();
        try {
            inFlight = null;
            if (!written) {
                batch.precede(out);
                schedule();
            }
        } finally {
            lock.unlock();
        }
    }

    private void failed(IOException e) {
        lock.lock();
        try {
            if (failure == null) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "cannot write to flash; what is to be kept waits in memory, which a power cut empties",
                        e);
            }
            failure = e;
        } finally {
            lock.unlock();
        }
    }

    private void clean() {
        try {
            cleaner.clean(limits.shares().bytes());
            cluttered = false;
        } catch (IOException e) { // what was to be written is: this can wait for the next time
            LOG.log(
                    cluttered ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "cannot delete what is of no use on flash; it is tried again after each write",
                    e);
            cluttered = true;
        }
    }

    /** With the lock. */
    private void schedule() {
        boolean again = failure != null;
        if (!scheduled
                && !closed
                && !batch.isEmpty()
                && (again || !limits.within().isZero())) {
            scheduled = true;
            Duration within = limits.within();
            later.after(again && within.compareTo(AGAIN) < 0 ? AGAIN : within, this::timeIsUp);
        }
    }

    private void timeIsUp() {
        boolean still;
        lock.lock();
        try {
            scheduled = false;
            still = !closed;
        } finally {
            lock.unlock();
        }
        if (still) {
            syncQuietly();
        }
    }

    /** Whoever did not ask for a sync is not told that it failed: the log is, once. */
    private void syncQuietly() {
        try {
            sync();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "tried again later", e);
        }
    }

    private boolean over(int bytes) {
        lock.lock();
        try {
            return batch.bytes() + (inFlight == null ? 0 : inFlight.bytes()) + bytes > MOST + Math.max(0, bytes - MOST);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable IOException failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    private String name(int table) {
        lock.lock();
        try {
            return index.name(table);
        } finally {
            lock.unlock();
        }
    }
}
