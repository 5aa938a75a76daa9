package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.SigningKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Signs what is published to devices, with the keys of whoever publishes it. */
public final class Signer {
    /** Longer waits are no matter of two publishes at once but of a clock that is wrong. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Signatures have whole seconds: without it a command of one second may be over when it was just sent. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private final List<SigningKey> keys;
    private final Clock clock;

    /**
     * A signer.
     *
     * @param keys each of which signs: a message has more than one signature only where it brings a new root
     */
    public Signer(List<SigningKey> keys, Clock clock) {
        this.keys = List.copyOf(keys);
        this.clock = clock;
    }

    /** The thumbprints of its keys. */
    public List<String> kids() {
        return keys.stream().map(SigningKey::kid).toList();
    }

    /**
     * With a signature by each key, as of now. A command is signed for as long as it is of use.
     *
     * @throws IllegalArgumentException if its topic is none at which devices are spoken to, or a command has no Correlation Data,
     *     or lives too long
     */
    public Message sign(Message message) {
        Topic topic = Topic.parse(message.topic())
                .orElseThrow(() -> new IllegalArgumentException("no command and no wish: " + message.topic()));
        Message signed = message;
        for (SigningKey key : keys) {
            signed = signed.with(Jws.PROPERTY, key.sign(header(key.kid(), topic, message), message.payload()));
        }
        return signed;
    }

    /**
     * Signs a wish later than what the broker keeps at its topic, waiting for the next second where need be: two of one second
     * could not be told apart, and the device would refuse the second.
     *
     * @param kept what the broker keeps, maybe of other topics too
     * @throws Trouble if what is kept was signed well ahead of our clock
     */
    public Message signAfter(Collection<Message> kept, Message message) throws Trouble, InterruptedException {
        Optional<Instant> last = kept.stream()
                .filter(each -> each.topic().equals(message.topic()))
                .flatMap(each -> each.properties().all(Jws.PROPERTY).stream())
                .flatMap(jws -> signedAt(jws).stream())
                .max(Comparator.naturalOrder());
        if (last.isPresent()) {
            Instant now = clock.instant();
            Duration wait = Duration.between(now, last.get().plusSeconds(1));
            if (wait.compareTo(LONGEST_WAIT) > 0) {
                throw new Trouble(
                        Trouble.Kind.USAGE,
                        "what is kept at " + message.topic() + " was signed at " + last.get() + ", and here it is "
                                + now + ": devices take nothing older; set the clock that is wrong");
            }
            TimeUnit.MILLISECONDS.sleep(Math.max(0, wait.toMillis() + 1));
        }
        return sign(message);
    }

    private ProtectedHeader header(String kid, Topic topic, Message message) {
        if (topic instanceof Topic.Command command) {
            Duration life = message.expiry().orElseThrow().plus(ROUNDING);
            return ProtectedHeader.command(
                    kid,
                    command,
                    clock.instant(),
                    life.compareTo(ProtectedHeader.LONGEST_LIFE) < 0 ? life : ProtectedHeader.LONGEST_LIFE,
                    message.correlation()
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "a command needs Correlation Data: " + message.topic())),
                    message.responseTopic());
        }
        return ProtectedHeader.desired(kid, (Topic.Desired) topic, clock.instant());
    }

    private static Optional<Instant> signedAt(String jws) {
        try {
            return Optional.of(ProtectedHeader.read(Jws.read(jws).header()).iat());
        } catch (BadArgument e) {
            return Optional.empty(); // no device took it
        }
    }
}
