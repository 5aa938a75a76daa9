package io.gatehouse.firmware;

import java.io.IOException;

/** Cuts the power at one of many moments: from there on nothing has an effect. */
final class Fuse {
    private int left;

    /**
     * Blows at this moment.
     *
     * @param moment 1 for the first, 0 for none
     */
    Fuse(int moment) {
        this.left = moment == 0 ? Integer.MAX_VALUE : moment;
    }

    synchronized boolean isBlown() {
        return left == 0;
    }

    /** A moment passes. */
    synchronized void pass() throws IOException {
        if (left > 0) {
            left--;
        }
        if (left == 0) {
            throw new IOException("the power is cut");
        }
    }
}
