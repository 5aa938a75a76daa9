package io.gatehouse.terminal;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of one terminal, seen from the device, and when the last of them moved. Thread-safe. */
final class Traffic {
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile long moved = System.nanoTime();

    void received(int bytes) {
        received.addAndGet(bytes);
        moves();
    }

    void sent(int bytes) {
        sent.addAndGet(bytes);
        moves();
    }

    /** It is as if something moved just now. */
    void moves() {
        moved = System.nanoTime();
    }

    /** Nanoseconds since something moved, or since this was made. */
    long still() {
        return System.nanoTime() - moved;
    }

    void tell(Map<String, Object> told) {
        told.put("received", received.get());
        told.put("sent", sent.get());
    }
}
