package io.gatehouse.dispatch;

import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.Optional;

/**
 * A command that arrived.
 *
 * @param name which command
 * @param id its Correlation Data as base64url, by which {@code cancel} knows it; empty where it has none
 * @param signed who signed it, as soon as that is believed
 */
record Call(Message message, String name, String id, Optional<Signed> signed) implements Incoming {
    /** For an answer to somebody who could not say who they are: it does not wait for long, and is not worth flash. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    private static final long LEAST = 60;

    /** For a command whose message does not say how long it is of use. */
    private static final Duration USUAL_DEADLINE = Duration.ofMinutes(10);

    /**
     * What its signature says.
     *
     * @param kid the signing key
     * @param issued when it was signed, in seconds since 1970
     * @param expires when it is of no use any more, in seconds since 1970
     */
    record Signed(String kid, long issued, long expires) {}

    Call by(Signed signer) {
        return new Call(message, name, id, Optional.of(signer));
    }

    /** With so much time and no more, nor more than a command usually has. */
    Call within(Duration time) {
        return new Call(message.expiring(shorter(time, USUAL_DEADLINE)), name, id, signed);
    }

    /** What no other command has: the signing key and the Correlation Data. */
    String identity() {
        return signed.map(Signed::kid).orElse("") + "." + id;
    }

    /** How long it may take. */
    Duration deadline() {
        return shorter(message.expiry().orElse(USUAL_DEADLINE), life());
    }

    /** How long its answer is of use; for what was signed a minute at least. */
    Duration life() {
        return signed.map(by -> Duration.ofSeconds(Math.max(LEAST, by.expires() - by.issued())))
                .orElse(SHORT);
    }

    boolean wantsProgress() {
        return message.properties().first("progress").filter("true"::equals).isPresent();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
