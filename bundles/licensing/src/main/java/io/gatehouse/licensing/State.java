package io.gatehouse.licensing;

import io.gatehouse.protocol.license.Refused.Reason;
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

    /** Of what is not let in, for this reason. */
    static State of(Reason why) {
        return switch (why) {
            case NO_TRUST, NOT_YET -> WAITING;
            case REVOKED -> REVOKED;
            default -> REFUSED;
        };
    }

    /** The word in reports and events. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
