package io.gatehouse.licensing;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Has somebody look when it is time, once at a time. Who asks first says when, and whoever asks meanwhile comes along: no number of them puts a look
 * off. Whoever asks never waits. Thread-safe.
 */
final class Looks {
    private static final System.Logger LOG = System.getLogger(Looks.class.getName());

    /** After one that failed, for whatever reason. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final Timer timer;
    private final Supplier<Optional<Duration>> look;

    // guarded by this
    private Optional<Long> due = Optional.empty();
    private Runnable callOff = () -> {};
    private long turn;
    private boolean isLooking;
    private boolean isOver;

    /**
     * Looks when somebody asks.
     *
     * @param look says when to look again; nothing where that depends on others alone
     */
    Looks(LongSupplier nanos, Timer timer, Supplier<Optional<Duration>> look) {
        this.nanos = nanos;
        this.timer = timer;
        this.look = look;
    }

    /** Looks after this time at the latest. */
    synchronized void within(Duration wait) {
        long then = nanos.getAsLong() + wait.toNanos();
        if (!isOver && (due.isEmpty() || then - due.get() < 0)) {
            due = Optional.of(then);
            if (!isLooking) {
                await(wait);
            }
        }
    }

    /** Looks no more, but for a look that goes on. */
    synchronized void stop() {
        isOver = true;
        callOff.run();
    }

    private void await(Duration wait) {
        callOff.run();
        long mine = ++turn;
        callOff = timer.after(wait, () -> lookAt(mine));
    }

    private void lookAt(long mine) {
        if (!begin(mine)) {
            return;
        }
        Optional<Duration> next = Optional.of(AGAIN);
        try {
            next = look.get();
        } catch (RuntimeException e) { // such as from an outbox that was replaced
            LOG.log(System.Logger.Level.ERROR, "cannot look at the licenses; this is tried again in " + AGAIN, e);
        } finally {
            end(next);
        }
    }

    /** Not where it was called off too late, as somebody wants it sooner. */
    private synchronized boolean begin(long mine) {
        if (isOver || isLooking || mine != turn) {
            return false;
        }
        isLooking = true;
        due = Optional.empty();
        return true;
    }

    private synchronized void end(Optional<Duration> next) {
        next.ifPresent(this::within);
        isLooking = false;
        if (!isOver) {
            due.ifPresent(then -> await(Duration.ofNanos(Math.max(0, then - nanos.getAsLong()))));
        }
    }
}
