package io.gatehouse.dispatch;

import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.Optional;

/**
 * A command that arrived.
 *
 * @param name which command
 * @param id its identity, or a name of our own for one that has none
 * @param identity its Correlation Data as base64url; nothing where it has none, and so cannot be told from its like
 */
record Call(Message message, String name, String id, Optional<String> identity) implements Incoming {
    /** For a command that does not say how long it is of use. */
    private static final Duration USUAL_DEADLINE = Duration.ofMinutes(10);

    private static final Duration USUAL_MEMORY = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    /** How long it may take. */
    Duration deadline() {
        return bounded(message.expiry().orElse(USUAL_DEADLINE));
    }

    /** How long it is remembered, and its answer of use. */
    Duration memory() {
        return bounded(message.expiry().orElse(USUAL_MEMORY));
    }

    boolean wantsProgress() {
        return message.properties().first("progress").filter("true"::equals).isPresent();
    }

    private static Duration bounded(Duration time) {
        return time.compareTo(LONGEST) < 0 ? time : LONGEST;
    }
}
