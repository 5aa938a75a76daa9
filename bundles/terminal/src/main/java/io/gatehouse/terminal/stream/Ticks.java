package io.gatehouse.terminal.stream;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells doors a few times a second that time has passed: all by one thread, which ends with the last of them. Thread-safe. */
final class Ticks {
    private static final Logger LOG = System.getLogger(Ticks.class.getName());
    private static final long PERIOD = Duration.ofMillis(250).toNanos();

    private final Set<Runnable> told = new LinkedHashSet<>();
    private @Nullable Thread thread;

    /** From now on this is run; it must neither wait nor throw. */
    synchronized void add(Runnable tick) {
        if (thread == null) {
            Thread made = new Thread(this::run, "terminal-stream-ticks");
            made.setDaemon(true);
            made.start(); // it waits for this method's end
            thread = made;
        }
        told.add(tick);
    }

    synchronized void remove(Runnable tick) {
        told.remove(tick);
        notifyAll();
    }

    private void run() {
        try {
            for (List<Runnable> all = next(); !all.isEmpty(); all = next()) {
                all.forEach(Runnable::run);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "interrupted by nobody of this bundle", e);
        }
    }

    /** Whom to tell, when it is time; nobody where the thread is to end. */
    private synchronized List<Runnable> next() throws InterruptedException {
        long until = System.nanoTime() + PERIOD;
        for (long left = PERIOD; left > 0 && !told.isEmpty(); left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (told.isEmpty()) {
            thread = null;
        }
        return List.copyOf(told);
    }
}
