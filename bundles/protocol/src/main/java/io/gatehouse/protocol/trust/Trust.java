package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission.Reason;
import io.gatehouse.protocol.trust.Admission.Refused;
import java.util.List;
import java.util.Optional;

/**
 * Whom a device trusts now. A value: whoever accepts a trust document goes on with another.
 *
 * @param root the thumbprint of the root that the device was given at enrollment or in its image; who has its key brings the
 *     first trust document
 * @param document the last that was accepted; nothing before the first
 */
public record Trust(String root, Optional<TrustDocument> document) {
    /** More in one message are refused unread. A trust document with a new root has two. */
    public static final int MOST_SIGNATURES = 4;

    /**
     * Checks the root.
     *
     * @throws IllegalArgumentException if it is no thumbprint
     */
    public Trust {
        if (!Jwk.isThumbprint(root)) {
            throw new IllegalArgumentException(
                    "root must be an RFC 7638 thumbprint, 43 characters of base64url: " + root);
        }
    }

    /**
     * Whether a message may be acted on. Whatever was sent, the answer is a value and comes at once.
     *
     * @param last what was accepted last at the message's topic; of no meaning for a command
     */
    public Admission admit(SignedMessage message, ClockFloor.Time time, Optional<LastAccepted> last) {
        int signatures = message.jws().size();
        if (signatures == 0) {
            return new Refused(
                    Reason.UNSIGNED, "\"" + message.topic() + "\" carries no user property jws: sign what you send");
        }
        if (signatures > most(message.topic())) {
            return new Refused(
                    Reason.MALFORMED,
                    "there are " + signatures + " user properties jws, and " + most(message.topic()) + " may be there");
        }
        List<Claim> claims;
        try {
            claims = message.jws().stream().map(Claim::read).toList();
        } catch (BadArgument e) {
            return new Refused(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
        Rules rules = new Rules(message, time, last);
        if (claims.stream().map(Claim::header).allMatch(rules::isSame)) {
            return Admission.Same.SAME;
        }
        return isTrust(message.topic())
                ? new TrustChange(this, message, rules).admit(claims)
                : admit(message, claims.get(0), rules);
    }

    private Admission admit(SignedMessage message, Claim claim, Rules rules) {
        if (document.isEmpty()) {
            return new Refused(
                    Reason.NO_TRUST,
                    "this device has no trust document yet: publish one that the root " + root + " signed");
        }
        Optional<TrustedKey> key = document.get().key(claim.header().kid());
        if (key.isEmpty()) {
            return unknownKey(claim);
        }
        Optional<Refused> refusal = rules.refusal(claim, key.get());
        return refusal.isPresent()
                ? refusal.get()
                : new Admission.Accepted(
                        key.get(),
                        claim.header(),
                        LastAccepted.of(claim.header(), message.payload()),
                        Optional.empty());
    }

    Refused unknownKey(Claim claim) {
        String trusted = document.map(current -> "version " + current.version() + " of the trust document has no key ")
                .orElse("this device trusts the root " + root + " alone, not ");
        return new Refused(Reason.UNKNOWN_KEY, trusted + claim.header().kid());
    }

    private static boolean isTrust(Topic topic) {
        return topic instanceof Topic.Desired desired && desired.resource().equals("trust");
    }

    private static int most(Topic topic) {
        return isTrust(topic) ? MOST_SIGNATURES : 1;
    }
}
