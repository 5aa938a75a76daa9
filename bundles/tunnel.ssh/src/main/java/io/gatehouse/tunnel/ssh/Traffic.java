package io.gatehouse.tunnel.ssh;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** What went through one tunnel since it was opened, over all its links. Thread-safe. */
final class Traffic {
    private final LongSupplier nanoTime;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile long last;

    Traffic(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong();
    }

    /** Counts bytes from the relay. */
    void received(long bytes) {
        received.addAndGet(bytes);
        touch();
    }

    /** Counts bytes to the relay. */
    void sent(long bytes) {
        sent.addAndGet(bytes);
        touch();
    }

    /** Begins the count of silence anew. */
    void touch() {
        last = nanoTime.getAsLong();
    }

    /** The time by which silence is counted, in nanoseconds. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** Nanoseconds without a byte either way. */
    long silence() {
        return nanoTime.getAsLong() - last;
    }

    /** Counts a connection, where there are fewer than this. */
    boolean connect(int most) {
        return connections.getAndUpdate(n -> n < most ? n + 1 : n) < most;
    }

    void disconnect() {
        connections.decrementAndGet();
    }

    long received() {
        return received.get();
    }

    long sent() {
        return sent.get();
    }

    int connections() {
        return connections.get();
    }
}
