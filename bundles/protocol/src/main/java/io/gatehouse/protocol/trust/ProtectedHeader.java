package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a signature says of the message that it is made for.
 *
 * @param kid the signing key's thumbprint
 * @param topic the topic published at: a signature is good nowhere else
 * @param iat when it was signed, in whole seconds
 * @param command what it says of a command; nothing for a desired envelope
 */
public record ProtectedHeader(String kid, String topic, Instant iat, Optional<OfCommand> command) {
    /** No command may be good for longer. */
    public static final Duration LONGEST_LIFE = Duration.ofHours(24);

    /** The end of the year 9999, in seconds. */
    public static final long LAST_SECOND = 253_402_300_799L;

    /**
     * What a signature says of a command.
     *
     * @param exp when it is of no use any more, in whole seconds
     * @param jti its Correlation Data, base64url
     * @param reply its Response Topic, if any
     */
    public record OfCommand(Instant exp, String jti, Optional<String> reply) {
        public OfCommand {
            exp = exp.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    public ProtectedHeader {
        iat = iat.truncatedTo(ChronoUnit.SECONDS);
    }

    /** For a desired envelope. */
    public static ProtectedHeader desired(String kid, Topic.Desired topic, Instant iat) {
        return new ProtectedHeader(kid, topic.toString(), iat, Optional.empty());
    }

    /**
     * For a command.
     *
     * @param life how long it is good for, up to {@link #LONGEST_LIFE}
     * @param correlation its Correlation Data
     * @param reply its Response Topic
     * @throws IllegalArgumentException if it lives longer than any may, or less than a second
     */
    public static ProtectedHeader command(
            String kid, Topic.Command topic, Instant iat, Duration life, byte[] correlation, Optional<String> reply) {
        if (life.compareTo(LONGEST_LIFE) > 0 || life.toSeconds() < 1) {
            throw new IllegalArgumentException("a command is good for PT1S to " + LONGEST_LIFE + ": " + life);
        }
        Instant signed = iat.truncatedTo(ChronoUnit.SECONDS);
        OfCommand command = new OfCommand(signed.plus(life), Base64Url.encode(correlation), reply);
        return new ProtectedHeader(kid, topic.toString(), signed, Optional.of(command));
    }

    /**
     * Reads the members that concern us.
     *
     * @throws BadArgument if one is missing or ill-typed
     */
    public static ProtectedHeader read(Members members) {
        boolean ofCommand = members.has("exp") || members.has("jti") || members.has("reply");
        return new ProtectedHeader(
                members.string("kid"),
                members.string("topic"),
                seconds(members, "iat"),
                ofCommand ? Optional.of(command(members)) : Optional.empty());
    }

    /** The members, but those that every {@link Jws} has. */
    public Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kid", kid);
        members.put("topic", topic);
        members.put("iat", iat.getEpochSecond());
        command.ifPresent(of -> {
            members.put("exp", of.exp().getEpochSecond());
            members.put("jti", of.jti());
            of.reply().ifPresent(reply -> members.put("reply", reply));
        });
        return members;
    }

    private static OfCommand command(Members members) {
        return new OfCommand(seconds(members, "exp"), members.string("jti"), members.optionalString("reply"));
    }

    private static Instant seconds(Members members, String name) {
        return Instant.ofEpochSecond(members.integer(name, 0, LAST_SECOND));
    }
}
