package io.gatehouse.telemetry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that die when idle. How many there are at a time is for the {@link Rounds} to bound. */
final class Workers {
    private static final Logger LOG = System.getLogger(Workers.class.getName());
    private static final String IDLE = "telemetry-idle";
    private static final long IDLE_SECONDS = 5;

    private ThreadPoolExecutor threads = pool();

    /** Does some work at once; false where no thread can be had. */
    synchronized boolean execute(String name, Runnable work) {
        try {
            threads.execute(() -> {
                Thread.currentThread().setName("telemetry: " + name);
                run(name, work);
            });
            return true;
        } catch (RejectedExecutionException e) {
            return false; // closed
        } catch (OutOfMemoryError e) {
            LOG.log(Level.WARNING, "no thread for {0}: {1}", name, e.getMessage());
            return false;
        }
    }

    /** Later work is done by new threads: collectors may have left objects in the thread-locals of the old ones. */
    synchronized void renew() {
        if (!threads.isShutdown()) {
            threads.shutdown();
            threads = pool();
        }
    }

    /** Later work is refused; what was begun goes on. */
    synchronized void close() {
        threads.shutdown();
    }

    private static void run(String name, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            // Also somebody else's code runs here, when its service is given back; a worker outlives all of it.
            LOG.log(Level.ERROR, "worker failed in " + name, e);
        } finally {
            Thread.currentThread().setName(IDLE);
        }
    }

    private static ThreadPoolExecutor pool() {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), Workers::thread);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(null, work, IDLE, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(Workers.class.getClassLoader());
        return thread;
    }
}
