package io.gatehouse.licensing;

import java.util.Locale;

/** How a license stands. */
enum State {
    /** It is in force. */
    GRANTED(true),
    /** It is in force, and its subscription is to be renewed. */
    DUE(true),
    /** It is in force, and ends soon. */
    EXPIRING(true),
    /** It has ended, and is in force for a while all the same. */
    GRACE(true),
    /** It was in force. */
    ENDED(false),
    /** Its issuer took it back. */
    REVOKED(false),
    /** It may come into force by itself. */
    WAITING(false),
    /** It is none for this device. */
    REFUSED(false);

    private final boolean isInForce;

    State(boolean isInForce) {
        this.isInForce = isInForce;
    }

    boolean isInForce() {
        return isInForce;
    }

    /** The word in reports and events. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
