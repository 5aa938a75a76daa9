package io.gatehouse.telemetry;

/** So much at once, and so much more a second. Not for use by several threads. */
final class Budget {
    private final double most;
    private final double perSecond;
    private double left;
    private long asOf;

    Budget(double most, double perSecond, long now) {
        this.most = most;
        this.perSecond = perSecond;
        this.left = most;
        this.asOf = now;
    }

    /**
     * Takes an amount, if it is there.
     *
     * @param now in nanoseconds of a clock that never goes back
     */
    boolean take(double amount, long now) {
        left = Math.min(most, left + perSecond * (now - asOf) / 1e9);
        asOf = now;
        if (left < amount) {
            return false;
        }
        left -= amount;
        return true;
    }
}
