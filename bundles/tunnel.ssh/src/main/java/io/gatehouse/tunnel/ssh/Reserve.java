package io.gatehouse.tunnel.ssh;

/** Bytes that the connections of all tunnels share, for what they hold beyond what each may hold in any case. Thread-safe. */
final class Reserve {
    private long free;

    Reserve(long bytes) {
        this.free = bytes;
    }

    /** Takes as much of this as there is, and answers how much that was. Give it back. */
    synchronized long take(long bytes) {
        long taken = Math.min(bytes, free);
        free -= taken;
        return taken;
    }

    synchronized void giveBack(long bytes) {
        free += bytes;
    }

    synchronized boolean isSpent() {
        return free == 0;
    }
}
