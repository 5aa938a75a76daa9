package io.gatehouse.protocol.license;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How a license stands on a device, as its reports and events say it. */
public enum LicenseState {
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

    LicenseState(boolean isInForce) {
        this.isInForce = isInForce;
    }

    /** That of a word; nothing where a device says one that is not known here. */
    public static Optional<LicenseState> of(String word) {
        return Stream.of(values()).filter(state -> state.word().equals(word)).findFirst();
    }

    /** Of what is not let in, for this reason. */
    public static LicenseState of(Refused.Reason why) {
        return switch (why) {
            case NO_TRUST, NOT_YET -> WAITING;
            case REVOKED -> REVOKED;
            default -> REFUSED;
        };
    }

    /** Whether what it grants may be used. */
    public boolean isInForce() {
        return isInForce;
    }

    /** The word in reports and events, for example {@code granted}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
