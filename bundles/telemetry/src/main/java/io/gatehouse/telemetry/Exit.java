package io.gatehouse.telemetry;

import io.gatehouse.api.message.Outbox;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to the outbox. What comes while there is none waits for the next: while one is replaced by another, nothing gets
 * lost. Not much comes then, for the {@link Rounds} start nothing. For use by several threads.
 */
final class Exit {
    private static final System.Logger LOG = System.getLogger(Exit.class.getName());

    private final Queue<Consumer<Outbox>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private volatile @Nullable Outbox outbox;

    /** From now on this outbox takes what comes. */
    synchronized void open(Outbox to) {
        outbox = to;
    }

    /** This outbox takes nothing more; the one that took its place, if any, goes on. */
    synchronized void close(Outbox gone) {
        if (outbox == gone) {
            outbox = null;
        }
    }

    boolean isOpen() {
        return outbox != null;
    }

    /** Keeps this for {@link #send()}. */
    void put(Consumer<Outbox> parcel) {
        waiting.add(parcel);
    }

    /** Sends what waits, and then this, or keeps it where there is no outbox. Not to be called under a lock. */
    void send(Consumer<Outbox> parcel) {
        put(parcel);
        send();
    }

    /** Sends what waits, in order, as far as there is an outbox. Not to be called under a lock. */
    void send() {
        boolean goesOn = true;
        while (goesOn && outbox != null && !waiting.isEmpty() && sending.compareAndSet(false, true)) {
            try {
                goesOn = sendAll();
            } finally {
                sending.set(false);
            }
        }
    }

    private boolean sendAll() {
        for (Outbox to = outbox; to != null; to = outbox) {
            Consumer<Outbox> parcel = waiting.peek();
            if (parcel == null) {
                return true;
            }
            try {
                parcel.accept(to);
            } catch (IllegalStateException e) {
                // another takes its place just now, and opens this again
                return false;
            } catch (RuntimeException e) {
                // another bundle's code: what it will not have must not hold up the rest
                LOG.log(System.Logger.Level.ERROR, "the outbox takes not what telemetry has for it", e);
            }
            waiting.remove();
        }
        return false;
    }
}
