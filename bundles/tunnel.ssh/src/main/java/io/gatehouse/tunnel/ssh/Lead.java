package io.gatehouse.tunnel.ssh;

/**
 * How far a relay may be ahead of the target on one connection: what it may still send, and what is held of it. That is little at first.
 * It doubles, as far as the reserve permits, with all that a target takes at once; where the reserve is spent, a target for which bytes
 * are held gives back what it takes. Not thread-safe.
 */
final class Lead {
    /** What each connection has in any case. */
    static final long LEAST_BYTES = 64 * 1024;

    private final Reserve reserve;
    private final long mostTaken;
    private long taken;
    private boolean isEnded;

    /**
     * One of the least.
     *
     * @param most how far ahead at most, in bytes
     */
    Lead(Reserve reserve, long most) {
        this.reserve = reserve;
        this.mostTaken = Math.max(0, most - LEAST_BYTES);
    }

    /**
     * What the relay may send more, in bytes.
     *
     * @param delivered what the target took since this was asked last
     * @param isHolding whether more waits for it
     */
    long next(long delivered, boolean isHolding) {
        if (isEnded) {
            return 0;
        }
        if (!isHolding) {
            long more = reserve.take(Math.min(delivered, mostTaken - taken));
            taken += more;
            return delivered + more;
        }
        long less = reserve.isSpent() ? Math.min(delivered, taken) : 0;
        taken -= less;
        reserve.giveBack(less);
        return delivered - less;
    }

    /** Nothing is held any longer, and nothing more may come. */
    void end() {
        isEnded = true;
        reserve.giveBack(taken);
        taken = 0;
    }
}
