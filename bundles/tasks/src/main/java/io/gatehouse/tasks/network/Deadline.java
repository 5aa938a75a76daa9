package io.gatehouse.tasks.network;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When all of a conversation must be over. A timeout of each read would not do: a handshake or a body may trickle for ever.
 * For one thread, and the one that it starts, which ends when this is closed.
 */
final class Deadline implements AutoCloseable {
    private final Duration time;
    private final long until;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean hasPassed;

    Deadline(Duration time) {
        this.time = time;
        this.until = System.nanoTime() + time.toNanos();
    }

    /** From now on closes this line when the time is over; whoever waits at it is told by an exception. */
    void watch(Closeable line) {
        Thread thread = new Thread(() -> end(line), "network-deadline");
        thread.setDaemon(true);
        thread.start();
    }

    /** All the time that there was. */
    Duration time() {
        return time;
    }

    /** All the time that there was, in words, to the millisecond. */
    String words() {
        return Duration.ofMillis(Math.round(time.toNanos() / 1e6)).toString();
    }

    /** What is left of it; never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    }

    boolean hasPassed() {
        return hasPassed || left().isZero();
    }

    /** Watches no longer. */
    @Override
    public void close() {
        over.countDown();
    }

    private void end(Closeable line) {
        try {
            if (!over.await(left().toNanos(), TimeUnit.NANOSECONDS)) {
                hasPassed = true;
                line.close();
            }
        } catch (InterruptedException | IOException e) {
            hasPassed = true; // nobody interrupts it, and a line that cannot be closed is none any more
        }
    }
}
