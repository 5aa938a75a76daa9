package io.gatehouse.firmware;

import org.jspecify.annotations.Nullable;

/**
 * Does a piece of work, on a thread that is there only while there is some. What is asked for again meanwhile is done anew: at once where the work
 * allows to be interrupted, else when that part of it has ended. Thread-safe.
 */
final class Worker {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());
    private static final long STACK_BYTES = 512 * 1024;
    private static final long CLOSE_MILLIS = 5000;

    private final Work work;

    // guarded by this
    private @Nullable Thread thread;
    private boolean isAsked;
    private boolean isInterruptible;
    private boolean isClosed;

    /** What is done. It must not be interrupted until it allows it. */
    @FunctionalInterface
    interface Work {
        void work(Worker worker) throws InterruptedException;
    }

    Worker(Work work) {
        this.work = work;
    }

    /** There is something to do, or something newer. */
    synchronized void begin() {
        if (thread != null && isInterruptible) {
            thread.interrupt();
        }
        look();
    }

    /** There is something to look at, which needs no interrupt of what goes on. */
    synchronized void look() {
        if (isClosed) {
            return;
        }
        isAsked = true;
        if (thread == null) {
            thread = new Thread(null, this::run, "gatehouse-firmware", STACK_BYTES);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * From here on the work is interrupted where something newer comes.
     *
     * @throws InterruptedException where that came already
     */
    synchronized void allowInterrupts() throws InterruptedException {
        throwWhereNewer();
        isInterruptible = true;
    }

    /**
     * From here on the work is not interrupted.
     *
     * @throws InterruptedException where something newer came before
     */
    synchronized void forbidInterrupts() throws InterruptedException {
        isInterruptible = false;
        throwWhereNewer();
    }

    /** Ends the work, whatever it is at, and waits a little for that. */
    void close() throws InterruptedException {
        Thread ending;
        synchronized (this) {
            isClosed = true;
            ending = thread;
        }
        if (ending != null) {
            ending.interrupt();
            ending.join(CLOSE_MILLIS);
        }
    }

    private void throwWhereNewer() throws InterruptedException {
        if (Thread.interrupted() || isAsked || isClosed) {
            throw new InterruptedException("something newer is wanted, or this is closed");
        }
    }

    private void run() {
        try {
            while (takeTurn()) {
                takeIt();
            }
        } finally {
            end();
        }
    }

    private void takeIt() {
        try {
            work.work(this);
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "something newer is wanted, or this is closed", e);
        } catch (RuntimeException | LinkageError e) {
            // from another bundle's service: the next wish must find a thread
            LOG.log(System.Logger.Level.ERROR, "what is wanted of the firmware was not looked at", e);
        }
    }

    /** Also where memory ran out: what is asked for then, or was meanwhile, finds a thread. */
    private synchronized void end() {
        if (thread == Thread.currentThread()) {
            thread = null;
            if (isAsked) {
                look();
            }
        }
    }

    private synchronized boolean takeTurn() {
        isInterruptible = false;
        Thread.interrupted(); // of something newer, which is done now
        boolean hasTurn = isAsked && !isClosed;
        isAsked = false;
        if (!hasTurn) {
            thread = null;
        }
        return hasTurn;
    }
}
