package io.gatehouse.protocol.trust;

import io.gatehouse.protocol.Topic;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a key may sign. */
public enum Role {
    /** Trust documents. */
    ROOT,
    /** Features, configuration, whatever has no role of its own, and commands. */
    OPERATOR,
    /** Answers, as an operator, for third parties' bundles that a feature lists. */
    VOUCH,
    /** Firmware documents, and those of runtimes: neither is signed by a vendor whom the trust document names. */
    FIRMWARE,
    /** Licenses, and the lists of those that are revoked. */
    LICENSE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The role of this word, if there is one. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
    }

    /** The roles of which whoever publishes at this topic must have one. */
    public static Set<Role> neededFor(Topic topic) {
        if (!(topic instanceof Topic.Desired desired)) {
            return EnumSet.of(OPERATOR);
        }
        return switch (desired.resource()) {
            case "trust" -> EnumSet.of(ROOT);
            case "firmware", "runtime" -> EnumSet.of(FIRMWARE);
            // they are signed in themselves, so that whoever delivers them need not be their issuer
            case "license", "revocation" -> EnumSet.of(OPERATOR, LICENSE);
            default -> EnumSet.of(OPERATOR);
        };
    }

    /** The word in the trust document. */
    public String word() {
        return word;
    }
}
