package io.gatehouse.protocol.trust;

import static io.gatehouse.protocol.trust.Fleet.CORRELATION;
import static io.gatehouse.protocol.trust.Fleet.DEVICE;
import static io.gatehouse.protocol.trust.Fleet.FEATURE;
import static io.gatehouse.protocol.trust.Fleet.NOW;
import static io.gatehouse.protocol.trust.Fleet.PAYLOAD;
import static io.gatehouse.protocol.trust.Fleet.PING;
import static io.gatehouse.protocol.trust.Fleet.REPLY;
import static io.gatehouse.protocol.trust.Fleet.at;
import static io.gatehouse.protocol.trust.Fleet.command;
import static io.gatehouse.protocol.trust.Fleet.desired;
import static io.gatehouse.protocol.trust.Fleet.sign;
import static io.gatehouse.protocol.trust.Fleet.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One test a rule: what a broker in the enemy's hands, or a sender who is none, tries. */
final class TrustTest {
    private static final byte[] OTHER = "{\"spec\":2}".getBytes(StandardCharsets.UTF_8);

    private final Fleet fleet = new Fleet();

    @Test
    void acceptsWhatOperatorSigned() {
        Admission.Accepted accepted =
                assertInstanceOf(Admission.Accepted.class, fleet.admit(desired(fleet.operator, FEATURE, NOW, PAYLOAD)));
        assertEquals(fleet.document.key(fleet.operator.kid()), Optional.of(accepted.signer()));
        assertTrue(accepted.signer().roles().contains(Role.VOUCH));
        assertEquals(NOW, accepted.header().iat());
        assertEquals(fleet.operator.kid(), accepted.last().kid());
        assertEquals(Optional.empty(), accepted.trust());
        assertEquals("accepted", verdict(fleet.admit(fleet.ping())));
    }

    @Test
    void unsignedIsRefused() {
        assertEquals("unsigned", verdict(fleet.admit(desired(FEATURE, PAYLOAD))));
        assertEquals(
                "unsigned",
                verdict(fleet.admit(
                        new SignedMessage(PING, PAYLOAD, List.of(), Optional.of(CORRELATION), Optional.of(REPLY)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "..", "eyJhbGciOiJub25lIn0..", "eyJhbGciOiJub25lIn0.e30."})
    void malformedIsRefused(String jws) {
        assertEquals("malformed", verdict(fleet.admit(command(PING, PAYLOAD, jws))));
    }

    @Test
    void moreSignaturesThanOneAreRefused() {
        String jws = sign(fleet.operator, FEATURE, NOW, PAYLOAD);
        assertEquals("malformed", verdict(fleet.admit(desired(FEATURE, PAYLOAD, jws, jws))));
    }

    @Test
    void nobodyIsTrustedBeforeTheFirstTrustDocument() {
        Trust none = new Trust(fleet.root.kid(), Optional.empty());
        for (SigningKey key : List.of(fleet.root, fleet.operator)) {
            SignedMessage message = desired(key, FEATURE, NOW, PAYLOAD);
            assertEquals("no-trust", verdict(none.admit(message, at(NOW), Optional.empty())));
        }
    }

    @Test
    void keyThatIsNotNamedIsRefused() {
        assertEquals("unknown-key", verdict(fleet.admit(desired(fleet.stranger, FEATURE, NOW, PAYLOAD))));
    }

    /** RFC 7515 lets a header bring its own key; whoever went by it would believe everybody. */
    @Test
    void keyThatTheSignatureBringsAlongIsNotUsed() {
        Map<String, Object> header = new LinkedHashMap<>(
                ProtectedHeader.desired(fleet.operator.kid(), FEATURE, NOW).write());
        header.put("jwk", fleet.stranger.jwk().write());
        String jws = Fleet.signedByHand(fleet.stranger, header);
        assertEquals("bad-signature", verdict(fleet.admit(desired(FEATURE, PAYLOAD, jws))));
    }

    @Test
    void keyThatIsGoneIsRevoked() {
        SignedMessage message = desired(fleet.operator, FEATURE, NOW, PAYLOAD);
        TrustDocument newer = Fleet.document(8, Fleet.key(fleet.root, "dwr", Role.ROOT));
        Trust trust = new Trust(fleet.trust.root(), Optional.of(newer));
        assertEquals("unknown-key", verdict(trust.admit(message, at(NOW), Optional.empty())));
        assertTrue(fleet.document.revokedBy(newer).contains(fleet.operator.kid()));
        assertFalse(fleet.document.revokedBy(newer).contains(fleet.root.kid()));
    }

    @Test
    void retiredKeySignsNothingNew() {
        assertEquals("retired-key", verdict(fleet.admit(desired(fleet.retired, FEATURE, NOW, PAYLOAD))));
    }

    /** The broker brings it again at each new session, long after the key was retired: that is no finding. */
    @Test
    void retiredKeysPastAcceptanceStands() {
        SignedMessage message = desired(fleet.retired, FEATURE, NOW, PAYLOAD);
        ProtectedHeader header = ProtectedHeader.desired(fleet.retired.kid(), FEATURE, NOW);
        Optional<LastAccepted> last = Optional.of(LastAccepted.of(header, PAYLOAD));
        assertEquals("same", verdict(fleet.trust.admit(message, at(NOW), last)));
    }

    @ParameterizedTest
    @CsvSource({
        "feature, OPERATOR",
        "configuration, OPERATOR",
        "anything, OPERATOR",
        "firmware, FIRMWARE",
        "license, OPERATOR LICENSE",
        "revocation, OPERATOR LICENSE"
    })
    void keyWithoutTheRoleIsRefused(String resource, String needed) {
        Keyring ring = new Keyring();
        Topic.Desired topic = new Topic.Desired("dwr", resource, Optional.of("acme.x"));
        for (Role role : Role.values()) {
            SignedMessage message = desired(ring.key(role), topic, NOW, PAYLOAD);
            assertEquals(
                    List.of(needed.split(" ")).contains(role.name()) ? "accepted" : "wrong-role",
                    verdict(ring.trust().admit(message, at(NOW), Optional.empty())),
                    role.word());
        }
    }

    /** Neither its licenses nor its list: what an issuer takes back at another's name, it takes away. */
    @ParameterizedTest
    @CsvSource({
        "license,    acme,     accepted",
        "license,    acme.x,   accepted",
        "license,    rain,     out-of-scope",
        "license,    acmes,    out-of-scope",
        "license,    other.x,  out-of-scope",
        "revocation, acme,     accepted",
        "revocation, other,    out-of-scope"
    })
    void issuerWhoIsNoOperatorDeliversByItsOwnNamesAlone(String resource, String name, String verdict) {
        Topic.Desired topic = new Topic.Desired("dwr/311-a1", resource, Optional.of(name));
        assertEquals(verdict, verdict(fleet.admit(desired(fleet.license, topic, NOW, PAYLOAD))));
        assertEquals("accepted", verdict(fleet.admit(desired(fleet.operator, topic, NOW, PAYLOAD))));
    }

    @Test
    void commandNeedsAnOperator() {
        Keyring ring = new Keyring();
        for (Role role : Role.values()) {
            SigningKey key = ring.key(role);
            ProtectedHeader header = ProtectedHeader.command(
                    key.kid(), PING, NOW, Duration.ofMinutes(1), CORRELATION, Optional.of(REPLY));
            SignedMessage message = command(PING, PAYLOAD, key.sign(header, PAYLOAD));
            assertEquals(
                    role == Role.OPERATOR ? "accepted" : "wrong-role",
                    verdict(ring.trust().admit(message, at(NOW), Optional.empty())),
                    role.word());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dwr/311-a1, accepted",
        "dwr/311-a1/00-11-22-33-44-55, accepted",
        "dwr, out-of-scope",
        "dwr/311, out-of-scope",
        "dwr/311-a12, out-of-scope",
        "dwr/311-a10/00-11-22-33-44-55, out-of-scope",
        "world, out-of-scope",
        "world/dwr/311-a1, out-of-scope",
        "DWR/311-a1, out-of-scope"
    })
    void scopeMustLieUnderOneOfTheSignersByWholeLevels(String scope, String verdict) {
        Topic.Desired topic = new Topic.Desired(scope, "feature", Optional.of("modbus"));
        assertEquals(verdict, verdict(fleet.admit(desired(fleet.operator, topic, NOW, PAYLOAD))));
    }

    @Test
    void signatureForAnotherTopicIsRefused() {
        String jws = sign(fleet.operator, FEATURE, NOW, PAYLOAD);
        for (Topic elsewhere : List.of(
                new Topic.Desired(DEVICE, "feature", Optional.of("modbus")),
                new Topic.Desired("dwr/311-a1", "feature", Optional.of("snmp")),
                new Topic.Desired("dwr/311-a1", "configuration", Optional.of("modbus")),
                new Topic.Desired("dwr/311-a1", "feature", Optional.empty()))) {
            assertEquals("wrong-topic", verdict(fleet.admit(desired(elsewhere, PAYLOAD, jws))), elsewhere.toString());
        }
        SignedMessage ping = fleet.ping();
        Topic reboot = new Topic.Command(DEVICE, "reboot");
        assertEquals(
                "wrong-topic",
                verdict(fleet.admit(command(reboot, PAYLOAD, ping.jws().get(0)))));
    }

    @Test
    void signatureOfOneKindIsNoneOfTheOther() {
        String ofDesired = sign(fleet.operator, FEATURE, NOW, PAYLOAD);
        assertEquals("malformed", verdict(fleet.admit(command(PING, PAYLOAD, ofDesired))));
        String ofCommand = fleet.ping().jws().get(0);
        assertEquals("malformed", verdict(fleet.admit(desired(FEATURE, PAYLOAD, ofCommand))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kid", "topic", "iat", "exp", "jti"})
    void headerThatDoesNotSayEverythingIsRefused(String missing) {
        Map<String, Object> header = new LinkedHashMap<>(fleet.header(PING).write());
        header.remove(missing);
        assertEquals("malformed", verdict(fleet.admit(fleet.ping(header))));
    }

    @Test
    void otherCorrelationDataIsRefused() {
        String jws = fleet.ping().jws().get(0);
        for (Optional<byte[]> other : List.of(
                Optional.of(new byte[] {1, 2, 4}), Optional.of(new byte[] {1, 2, 3, 0}), Optional.<byte[]>empty())) {
            SignedMessage message = new SignedMessage(PING, PAYLOAD, List.of(jws), other, Optional.of(REPLY));
            assertEquals("wrong-identity", verdict(fleet.admit(message)));
        }
    }

    @Test
    void otherResponseTopicIsRefused() {
        String jws = fleet.ping().jws().get(0);
        for (Optional<String> other : List.of(Optional.of("reply/eve"), Optional.<String>empty())) {
            SignedMessage message = new SignedMessage(PING, PAYLOAD, List.of(jws), Optional.of(CORRELATION), other);
            assertEquals("wrong-reply", verdict(fleet.admit(message)));
        }
        ProtectedHeader silent = ProtectedHeader.command(
                fleet.operator.kid(), PING, NOW, Duration.ofMinutes(1), CORRELATION, Optional.empty());
        SignedMessage overheard = command(PING, PAYLOAD, fleet.operator.sign(silent, PAYLOAD));
        assertEquals("wrong-reply", verdict(fleet.admit(overheard)), "nobody may add one");
    }

    @Test
    void commandIsOfNoUseOnceItExpired() {
        SignedMessage ping = fleet.ping();
        Instant exp = NOW.plus(Duration.ofMinutes(10));
        assertEquals("accepted", verdict(fleet.trust.admit(ping, at(exp.minusSeconds(1)), Optional.empty())));
        assertEquals("expired", verdict(fleet.trust.admit(ping, at(exp), Optional.empty())));
        assertEquals("expired", verdict(fleet.trust.admit(ping, at(exp.plus(Duration.ofDays(400))), Optional.empty())));
    }

    /** The device wakes in 1970, and a broker brings what it kept for that day. */
    @Test
    void commandIsExpiredByTheFloorWhereTheClockIsNotKnown() {
        ClockFloor.Time floor =
                new ClockFloor(NOW.plus(Duration.ofMinutes(10))).time(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        assertFalse(floor.isKnown());
        assertEquals("expired", verdict(fleet.trust.admit(fleet.ping(), floor, Optional.empty())));
    }

    @Test
    void commandThatIsGoodForMoreThanADayIsRefused() {
        Map<String, Object> header = new LinkedHashMap<>(fleet.header(PING).write());
        header.put("exp", NOW.getEpochSecond() + 86_400);
        assertEquals("accepted", verdict(fleet.admit(fleet.ping(header))));
        header.put("exp", NOW.getEpochSecond() + 86_401);
        assertEquals("too-long", verdict(fleet.admit(fleet.ping(header))));
        header.put("exp", 253_402_300_799L);
        assertEquals("too-long", verdict(fleet.admit(fleet.ping(header))));
    }

    @Test
    void signedMoreThanTenMinutesAheadIsRefusedWhereTheClockIsKnown() {
        Instant ahead = NOW.plus(Duration.ofMinutes(10));
        assertEquals("accepted", verdict(fleet.admit(desired(fleet.operator, FEATURE, ahead, PAYLOAD))));
        SignedMessage further = desired(fleet.operator, FEATURE, ahead.plusSeconds(1), PAYLOAD);
        assertEquals("not-yet", verdict(fleet.admit(further)));
        assertEquals("accepted", verdict(fleet.trust.admit(further, at(Instant.EPOCH), Optional.empty())));
    }

    @Test
    void otherPayloadIsRefused() {
        String jws = sign(fleet.operator, FEATURE, NOW, PAYLOAD);
        for (byte[] other : List.of(
                OTHER,
                new byte[0],
                (new String(PAYLOAD, StandardCharsets.UTF_8) + " ").getBytes(StandardCharsets.UTF_8))) {
            assertEquals("bad-signature", verdict(fleet.admit(desired(FEATURE, other, jws))));
        }
    }

    @Test
    void anotherKeysSignatureUnderAnOperatorsNameIsRefused() {
        String jws = Fleet.signedByHand(
                fleet.stranger,
                ProtectedHeader.desired(fleet.operator.kid(), FEATURE, NOW).write());
        assertEquals("bad-signature", verdict(fleet.admit(desired(FEATURE, PAYLOAD, jws))));
    }

    @Test
    void olderThanWhatWasAcceptedLastIsRefused() {
        Optional<LastAccepted> last = accepted(NOW, PAYLOAD);
        SignedMessage older = desired(fleet.operator, FEATURE, NOW.minusSeconds(1), OTHER);
        assertEquals("replayed", verdict(fleet.trust.admit(older, at(NOW), last)));
        SignedMessage newer = desired(fleet.operator, FEATURE, NOW.plusSeconds(1), OTHER);
        assertEquals("accepted", verdict(fleet.trust.admit(newer, at(NOW), last)));
    }

    @Test
    void sameBytesAgainAreIgnored() {
        Optional<LastAccepted> last = accepted(NOW, PAYLOAD);
        SignedMessage again = desired(fleet.operator, FEATURE, NOW, PAYLOAD);
        assertEquals("same", verdict(fleet.trust.admit(again, at(NOW), last)));
        SignedMessage older = desired(fleet.operator, FEATURE, NOW.minusSeconds(9), PAYLOAD);
        assertEquals("same", verdict(fleet.trust.admit(older, at(NOW), last)));
    }

    /** So the fleet goes on to a new key without changing a document. */
    @Test
    void sameBytesSignedAnewAreAcceptedAnew() {
        Optional<LastAccepted> last = accepted(NOW, PAYLOAD);
        SignedMessage anew = desired(fleet.operator, FEATURE, NOW.plusSeconds(1), PAYLOAD);
        assertEquals("accepted", verdict(fleet.trust.admit(anew, at(NOW), last)));
        SignedMessage forged = desired(fleet.stranger, FEATURE, NOW.plusSeconds(1), PAYLOAD);
        assertEquals("unknown-key", verdict(fleet.trust.admit(forged, at(NOW), last)));
    }

    @Test
    void otherBytesOfTheSameSecondAreRefused() {
        SignedMessage other = desired(fleet.operator, FEATURE, NOW, OTHER);
        assertEquals("ambiguous", verdict(fleet.trust.admit(other, at(NOW), accepted(NOW, PAYLOAD))));
    }

    @Test
    void whatIsSaidOfTheMessageIsHarmlessToALog() {
        Map<String, Object> header = new LinkedHashMap<>(fleet.header(PING).write());
        header.put("topic", "a\nINFO: all is well\u001b[2J\u2028\u0085" + "x".repeat(2000));
        Admission.Refused refused = assertInstanceOf(Admission.Refused.class, fleet.admit(fleet.ping(header)));
        assertTrue(
                refused.detail().startsWith("signed for the topic \"a?INFO: all is well?[2J??xxx"), refused.detail());
        assertEquals(401, refused.detail().length());
    }

    private Optional<LastAccepted> accepted(Instant iat, byte[] payload) {
        return Optional.of(LastAccepted.of(ProtectedHeader.desired(fleet.operator.kid(), FEATURE, iat), payload));
    }
}
