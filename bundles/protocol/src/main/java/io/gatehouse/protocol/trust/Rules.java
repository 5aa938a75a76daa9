package io.gatehouse.protocol.trust;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission.Reason;
import io.gatehouse.protocol.trust.Admission.Refused;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules that one signature of one message must pass, each of them alone. */
final class Rules {
    private final SignedMessage message;
    private final ClockFloor.Time time;
    private final Optional<LastAccepted> last;

    Rules(SignedMessage message, ClockFloor.Time time, Optional<LastAccepted> last) {
        this.message = message;
        this.time = time;
        this.last = last;
    }

    /**
     * Why this signature by this key does not let the message in; nothing where it does. What costs nothing is asked first, so
     * that a sender who knows no key costs nothing.
     */
    Optional<Refused> refusal(Claim claim, TrustedKey key) {
        ProtectedHeader header = claim.header();
        return wrongKind(header)
                .or(() -> wrongTopic(header))
                .or(() -> retiredKey(key))
                .or(() -> wrongRole(key))
                .or(() -> ofAnotherIssuer(key))
                .or(() -> outOfScope(key))
                .or(() -> notYet(header))
                .or(() -> tooLong(header))
                .or(() -> expired(header))
                .or(() -> wrongIdentity(header))
                .or(() -> wrongReply(header))
                .or(() -> badSignature(claim, key))
                .or(() -> replayed(header))
                .or(() -> ambiguous(header));
    }

    /** Whether it is what was accepted last, signed then or before. Asked of no key: it changes nothing whoever sends it. */
    boolean isSame(ProtectedHeader header) {
        return before().filter(before ->
                        !header.iat().isAfter(before.iat()) && before.payload().equals(Sha256.of(message.payload())))
                .isPresent();
    }

    private Optional<Refused> wrongKind(ProtectedHeader header) {
        boolean isCommand = message.topic() instanceof Topic.Command;
        return refuseIf(
                isCommand != header.command().isPresent(),
                Reason.MALFORMED,
                isCommand
                        ? "jws: its header must have exp and jti, as this is a command"
                        : "jws: its header must not have exp, jti or reply, as this is no command");
    }

    private Optional<Refused> wrongTopic(ProtectedHeader header) {
        return refuseIf(
                !header.topic().equals(message.topic().toString()),
                Reason.WRONG_TOPIC,
                "signed for the topic \"" + header.topic() + "\", and came at \"" + message.topic() + "\"");
    }

    private Optional<Refused> retiredKey(TrustedKey key) {
        return refuseIf(
                key.retired(), Reason.RETIRED_KEY, "the key " + key.kid() + " is retired; sign with one that is not");
    }

    private Optional<Refused> wrongRole(TrustedKey key) {
        Set<Role> needed = Role.neededFor(message.topic());
        return refuseIf(
                Collections.disjoint(key.roles(), needed),
                Reason.WRONG_ROLE,
                "\"" + message.topic() + "\" needs a key with the role " + words(needed, " or ") + ", and " + key.kid()
                        + " has " + words(key.roles(), " and "));
    }

    /** An issuer who is no operator delivers what is its own, as the name tells: or it could take another's away. */
    private Optional<Refused> ofAnotherIssuer(TrustedKey key) {
        if (key.roles().contains(Role.OPERATOR) || !(message.topic() instanceof Topic.Desired desired)) {
            return Optional.empty();
        }
        return key.licensor()
                .filter(own -> Role.neededFor(desired).contains(Role.LICENSE))
                .filter(own -> !own.mayDeliver(desired.name().orElse("")))
                .map(own -> new Refused(
                        Reason.OUT_OF_SCOPE,
                        "the key " + key.kid() + " of \"" + own.issuer() + "\" may deliver by the names \""
                                + own.issuer() + "\" and \"" + own.issuer()
                                + ".<name>\"; let an operator deliver others"));
    }

    private static String words(Set<Role> roles, String between) {
        return roles.stream().map(Role::word).collect(Collectors.joining(between));
    }

    private Optional<Refused> outOfScope(TrustedKey key) {
        return refuseIf(
                !key.covers(message.topic().scope()),
                Reason.OUT_OF_SCOPE,
                "the key " + key.kid() + " may sign for " + key.scopes() + ", and \""
                        + message.topic().scope() + "\" does not lie there");
    }

    private Optional<Refused> notYet(ProtectedHeader header) {
        return refuseIf(
                time.isAhead(header.iat()),
                Reason.NOT_YET,
                "signed at " + header.iat() + ", and here it is " + time.wall() + "; set the clock that is wrong");
    }

    private Optional<Refused> tooLong(ProtectedHeader header) {
        Instant latest = header.iat().plus(ProtectedHeader.LONGEST_LIFE);
        return header.command()
                .filter(command -> command.exp().isAfter(latest))
                .map(command -> new Refused(
                        Reason.TOO_LONG,
                        "exp " + command.exp() + " is more than " + ProtectedHeader.LONGEST_LIFE.toHours()
                                + " h after iat " + header.iat()));
    }

    private Optional<Refused> expired(ProtectedHeader header) {
        return header.command()
                .filter(command -> !command.exp().isAfter(time.now()))
                .map(command -> new Refused(
                        Reason.EXPIRED,
                        "expired at " + command.exp() + ", and here it is " + time.now() + "; send it anew"));
    }

    private Optional<Refused> wrongIdentity(ProtectedHeader header) {
        Optional<String> arrived = message.correlation().map(Base64Url::encode);
        return header.command()
                .filter(command -> !arrived.equals(Optional.of(command.jti())))
                .map(command -> new Refused(
                        Reason.WRONG_IDENTITY,
                        "signed with the Correlation Data " + command.jti() + " (base64url), and came with "
                                + arrived.orElse("none")));
    }

    private Optional<Refused> wrongReply(ProtectedHeader header) {
        return header.command()
                .filter(command -> !command.reply().equals(message.responseTopic()))
                .map(command -> new Refused(
                        Reason.WRONG_REPLY,
                        "signed with the Response Topic " + command.reply().orElse("(none)") + ", and came with "
                                + message.responseTopic().orElse("(none)")));
    }

    private Optional<Refused> badSignature(Claim claim, TrustedKey key) {
        return refuseIf(
                !claim.jws().isSignedBy(key.jwk(), message.payload()),
                Reason.BAD_SIGNATURE,
                "the key " + key.kid() + " did not sign these " + message.payload().length + " bytes for \""
                        + message.topic() + "\"");
    }

    private Optional<Refused> replayed(ProtectedHeader header) {
        return before().filter(before -> header.iat().isBefore(before.iat()))
                .map(before -> new Refused(
                        Reason.REPLAYED,
                        "signed at " + header.iat() + ", and one of " + before.iat() + " was accepted at \""
                                + message.topic() + "\""));
    }

    private Optional<Refused> ambiguous(ProtectedHeader header) {
        return before().filter(before -> header.iat().equals(before.iat()))
                .map(before -> new Refused(
                        Reason.AMBIGUOUS,
                        "signed at " + header.iat() + ", as other bytes that were accepted at \"" + message.topic()
                                + "\"; sign it anew, a second later"));
    }

    /** What desired envelopes are compared to; a command's identity is the journal's matter. */
    private Optional<LastAccepted> before() {
        return message.topic() instanceof Topic.Desired ? last : Optional.empty();
    }

    private static Optional<Refused> refuseIf(boolean refused, Reason reason, String detail) {
        return refused ? Optional.of(new Refused(reason, detail)) : Optional.empty();
    }
}
