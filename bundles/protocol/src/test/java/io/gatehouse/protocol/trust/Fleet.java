package io.gatehouse.protocol.trust;

import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A fleet with keys of every kind, and what its operators send at a certain moment. */
final class Fleet {
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    static final String DEVICE = "dwr/311-a1/00-11-22-33-44-55";
    static final Topic.Command PING = new Topic.Command(DEVICE, "ping");
    static final Topic.Desired FEATURE = new Topic.Desired("dwr/311-a1", "feature", Optional.of("modbus"));
    static final Topic.Desired TRUST = new Topic.Desired("dwr", "trust", Optional.empty());
    static final byte[] CORRELATION = {1, 2, 3};
    static final String REPLY = "reply/anna";
    static final byte[] PAYLOAD = "{\"spec\":{\"id\":\"a:b:1\"}}".getBytes(StandardCharsets.UTF_8);

    final SigningKey root = SigningKey.generate();
    final SigningKey operator = SigningKey.generate();
    final SigningKey firmware = SigningKey.generate();
    final SigningKey license = SigningKey.generate();
    final SigningKey retired = SigningKey.generate();
    final SigningKey stranger = SigningKey.generate();

    final TrustDocument document = document(
            7,
            key(root, "dwr", Role.ROOT),
            key(operator, "dwr/311-a1", Role.OPERATOR, Role.VOUCH),
            key(firmware, "dwr", Role.FIRMWARE),
            new TrustedKey(
                    license.jwk(),
                    Set.of(Role.LICENSE),
                    List.of(new Scope("dwr")),
                    false,
                    Optional.of(new Licensor("acme", List.of("com.acme.*")))),
            new TrustedKey(retired.jwk(), Set.of(Role.OPERATOR), List.of(new Scope("dwr")), true));
    final Trust trust = new Trust(root.kid(), Optional.of(document));

    static TrustDocument document(long version, TrustedKey... keys) {
        return new TrustDocument(version, Arrays.asList(keys), List.of());
    }

    static TrustedKey key(SigningKey key, String scope, Role... roles) {
        return new TrustedKey(key.jwk(), Set.of(roles), List.of(new Scope(scope)), false);
    }

    static ClockFloor.Time at(Instant wall) {
        return new ClockFloor(Instant.parse("2026-01-01T00:00:00Z")).time(Clock.fixed(wall, ZoneOffset.UTC));
    }

    static String sign(SigningKey key, Topic.Desired topic, Instant iat, byte[] payload) {
        return key.sign(ProtectedHeader.desired(key.kid(), topic, iat), payload);
    }

    static SignedMessage desired(Topic topic, byte[] payload, String... jws) {
        return new SignedMessage(topic, payload, List.of(jws), Optional.empty(), Optional.empty());
    }

    /** A desired envelope as it leaves its sender. */
    static SignedMessage desired(SigningKey key, Topic.Desired topic, Instant iat, byte[] payload) {
        return desired(topic, payload, sign(key, topic, iat, payload));
    }

    /** What an operator says of a command that is good for ten minutes. */
    ProtectedHeader header(Topic.Command topic) {
        return ProtectedHeader.command(
                operator.kid(), topic, NOW, Duration.ofMinutes(10), CORRELATION, Optional.of(REPLY));
    }

    static SignedMessage command(Topic topic, byte[] payload, String jws) {
        return new SignedMessage(topic, payload, List.of(jws), Optional.of(CORRELATION), Optional.of(REPLY));
    }

    /** A command as it leaves an operator. */
    SignedMessage ping() {
        return command(PING, PAYLOAD, operator.sign(header(PING), PAYLOAD));
    }

    /** A command whose header was written by hand. */
    SignedMessage ping(Map<String, ?> header) {
        return command(PING, PAYLOAD, signedByHand(operator, header));
    }

    static String signedByHand(SigningKey key, Map<String, ?> header) {
        return Jws.sign(key.privateKey(), header, PAYLOAD);
    }

    static byte[] envelope(TrustDocument document) {
        return new Envelope(Optional.of(document.write()), Rollout.ALL).write();
    }

    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Fleet.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Admits at the fleet's moment, with nothing accepted before. */
    Admission admit(SignedMessage message) {
        return trust.admit(message, at(NOW), Optional.empty());
    }

    /** Why it was refused; {@code accepted} or {@code same} where it was not. */
    static String verdict(Admission admission) {
        if (admission instanceof Admission.Refused refused) {
            return refused.reason().word();
        }
        return admission instanceof Admission.Same ? "same" : "accepted";
    }
}
