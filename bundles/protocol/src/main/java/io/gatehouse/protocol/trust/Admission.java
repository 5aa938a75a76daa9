package io.gatehouse.protocol.trust;

import io.gatehouse.protocol.Harmless;
import java.util.Locale;
import java.util.Optional;

/** Whether a signed message may be acted on. */
public sealed interface Admission permits Admission.Accepted, Admission.Same, Admission.Refused {
    /**
     * It may.
     *
     * @param signer whose roles and scopes it has
     * @param header what was signed
     * @param last what to keep for the message's topic, where it is a desired envelope
     * @param trust the document to go by from now on, where it is one
     */
    record Accepted(TrustedKey signer, ProtectedHeader header, LastAccepted last, Optional<TrustDocument> trust)
            implements Admission {}

    /** It is what was accepted last, once more: there is nothing to do and nothing to say. */
    enum Same implements Admission {
        SAME
    }

    /**
     * It may not, and changes nothing.
     *
     * @param detail with the values and what helps; what comes from the message is cut short and harmless to a log
     */
    record Refused(Reason reason, String detail) implements Admission {
        public Refused {
            detail = Harmless.text(detail);
        }
    }

    /** Why not. */
    enum Reason {
        /** It carries no signature. */
        UNSIGNED,
        /** The signature cannot be read, is of another algorithm, or lacks what it must say. */
        MALFORMED,
        /** The device trusts nobody yet. */
        NO_TRUST,
        /** The trust document has no such key, or none any more. */
        UNKNOWN_KEY,
        /** The key signs nothing new. */
        RETIRED_KEY,
        /** The key may not sign this kind of message. */
        WRONG_ROLE,
        /** The key may not sign for this scope. */
        OUT_OF_SCOPE,
        /** It was signed for another topic. */
        WRONG_TOPIC,
        /** It was signed with other Correlation Data. */
        WRONG_IDENTITY,
        /** It was signed with another Response Topic. */
        WRONG_REPLY,
        /** It was signed in the future; the same message may be accepted when the clock was set. */
        NOT_YET,
        /** It is of no use any more. */
        EXPIRED,
        /** It would be good for longer than any command may be. */
        TOO_LONG,
        /** The key did not sign this header and payload. */
        BAD_SIGNATURE,
        /** Something newer was accepted at its topic. */
        REPLAYED,
        /** Something else was accepted at its topic that was signed in the same second. */
        AMBIGUOUS,
        /** The trust document's version does not rise. */
        ROLLED_BACK,
        /** The trust document has a new root that did not sign it. */
        UNCONFIRMED_ROOT,
        /** The trust document is none, or would shut everybody out. */
        BAD_TRUST;

        private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The problem's type in reports, replies and events, for example {@code bad-signature}. */
        public String word() {
            return word;
        }
    }
}
