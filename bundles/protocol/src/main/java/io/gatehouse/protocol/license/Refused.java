package io.gatehouse.protocol.license;

import io.gatehouse.protocol.Harmless;
import java.util.Locale;

/**
 * A license or revocation list is not believed, or not for this device.
 *
 * @param detail with the values and what helps; what comes from the token is cut short and harmless to a log
 */
public record Refused(Reason reason, String detail) {
    public Refused {
        detail = Harmless.text(detail);
    }

    /** Why not. */
    public enum Reason {
        /** It cannot be read, is of another algorithm or type, or lacks a claim. */
        MALFORMED,
        /** There is no trust document yet. */
        NO_TRUST,
        /** The trust document has no such key, or none any more. */
        UNKNOWN_KEY,
        /** The key issues no licenses. */
        WRONG_ROLE,
        /** The key issues nothing new. */
        RETIRED_KEY,
        /** The key is another issuer's. */
        FOREIGN_ISSUER,
        /** The key did not sign it. */
        BAD_SIGNATURE,
        /** The key may not license what lies at its subject. */
        OUT_OF_SCOPE,
        /** The key may not grant a feature of it. */
        NOT_GRANTED,
        /** It is for other devices. */
        FOREIGN_DEVICE,
        /** It is for other hardware. */
        FOREIGN_HARDWARE,
        /** It begins later. */
        NOT_YET,
        /** A greater sequence of it was accepted. */
        SUPERSEDED,
        /** Other claims were accepted under its sequence. */
        AMBIGUOUS,
        /** It is there under another name. */
        DUPLICATE,
        /** Its issuer took it back. */
        REVOKED,
        /** There are more than a device keeps. */
        TOO_MANY;

        private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The problem's type in reports and events, for example {@code foreign-device}. */
        public String word() {
            return word;
        }
    }
}
