package io.gatehouse.protocol.trust;

import io.gatehouse.protocol.Topic;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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
    /** Licenses. */
    LICENSE;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The role of this word, if there is one. */
    public static Optional<Role> of(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
    }

    /** The role that whoever publishes at this topic must have. */
    public static Role neededFor(Topic topic) {
        if (!(topic instanceof Topic.Desired desired)) {
            return OPERATOR;
        }
        return switch (desired.resource()) {
            case "trust" -> ROOT;
            case "firmware", "runtime" -> FIRMWARE;
            case "license" -> LICENSE;
            default -> OPERATOR;
        };
    }

    /** The word in the trust document. */
    public String word() {
        return word;
    }
}
