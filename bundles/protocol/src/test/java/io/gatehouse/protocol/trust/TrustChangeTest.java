package io.gatehouse.protocol.trust;

import static io.gatehouse.protocol.trust.Fleet.NOW;
import static io.gatehouse.protocol.trust.Fleet.TRUST;
import static io.gatehouse.protocol.trust.Fleet.at;
import static io.gatehouse.protocol.trust.Fleet.desired;
import static io.gatehouse.protocol.trust.Fleet.document;
import static io.gatehouse.protocol.trust.Fleet.envelope;
import static io.gatehouse.protocol.trust.Fleet.key;
import static io.gatehouse.protocol.trust.Fleet.sign;
import static io.gatehouse.protocol.trust.Fleet.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trust documents: one test a rule. */
final class TrustChangeTest {
    private final Fleet fleet = new Fleet();
    private final SigningKey newRoot = SigningKey.generate();
    private final TrustedKey oldRoot = key(fleet.root, "dwr", Role.ROOT);

    @Test
    void rootReplacesTheTrustDocument() {
        TrustDocument newer = document(8, oldRoot);
        Admission.Accepted accepted =
                assertInstanceOf(Admission.Accepted.class, fleet.admit(signed(newer, fleet.root)));
        assertEquals(Optional.of(newer), accepted.trust());
        assertEquals(fleet.root.kid(), accepted.signer().kid());
    }

    @Test
    void nobodyButARootReplacesTheTrustDocument() {
        TrustDocument newer = document(8, oldRoot);
        assertEquals("wrong-role", verdict(fleet.admit(signed(newer, fleet.firmware))));
        assertEquals("unknown-key", verdict(fleet.admit(signed(newer, fleet.stranger))));
        assertEquals("unsigned", verdict(fleet.admit(desired(TRUST, envelope(newer)))));
    }

    /** An operator makes itself root, in a document that says so. */
    @Test
    void documentDoesNotSpeakForItself() {
        TrustDocument own = document(8, oldRoot, key(fleet.operator, "dwr", Role.ROOT, Role.OPERATOR));
        Topic.Desired narrow = new Topic.Desired("dwr/311-a1", "trust", Optional.empty());
        assertEquals("wrong-role", verdict(fleet.admit(desired(fleet.operator, narrow, NOW, envelope(own)))));
        TrustDocument coup = document(8, key(fleet.stranger, "dwr", Role.ROOT));
        assertEquals("unknown-key", verdict(fleet.admit(signed(coup, fleet.stranger))));
    }

    @Test
    void retiredRootReplacesNothing() {
        SigningKey former = SigningKey.generate();
        TrustedKey retired = new TrustedKey(former.jwk(), Set.of(Role.ROOT), List.of(new Scope("dwr")), true);
        Trust trust = new Trust(fleet.trust.root(), Optional.of(document(7, oldRoot, retired)));
        SignedMessage message = signed(document(8, key(former, "dwr", Role.ROOT)), former);
        assertEquals("retired-key", verdict(trust.admit(message, at(NOW), Optional.empty())));
    }

    @Test
    void versionOnlyRisesWhateverTheScopeItCameFrom() {
        for (long version : new long[] {1, 6, 7}) {
            SignedMessage message = signed(document(version, oldRoot), fleet.root);
            assertEquals("rolled-back", verdict(fleet.admit(message)), "version " + version);
        }
        Topic.Desired narrow = new Topic.Desired(Fleet.DEVICE, "trust", Optional.empty());
        byte[] old = envelope(document(6, oldRoot));
        assertEquals("rolled-back", verdict(fleet.admit(desired(fleet.root, narrow, NOW, old))));
    }

    @Test
    void documentThatIsHereAlreadyIsIgnoredWhereverItComesFrom() {
        assertEquals("same", verdict(fleet.admit(signed(fleet.document, fleet.root))));
        assertEquals("unknown-key", verdict(fleet.admit(signed(fleet.document, fleet.stranger))));
    }

    @Test
    void olderSignatureAtTheSameTopicIsRefused() {
        byte[] other = envelope(document(9, oldRoot));
        Optional<LastAccepted> last =
                Optional.of(LastAccepted.of(ProtectedHeader.desired(fleet.root.kid(), TRUST, NOW), other));
        SignedMessage older = desired(fleet.root, TRUST, NOW.minusSeconds(1), envelope(document(10, oldRoot)));
        assertEquals("replayed", verdict(fleet.trust.admit(older, at(NOW), last)));
        SignedMessage retained = desired(fleet.stranger, TRUST, NOW, other);
        assertEquals("same", verdict(fleet.trust.admit(retained, at(NOW), last)));
    }

    @Test
    void newRootNeedsTheSignaturesOfOldAndOfNew() {
        TrustDocument both = document(8, oldRoot, key(newRoot, "dwr", Role.ROOT));
        TrustDocument handedOver = document(8, key(newRoot, "dwr", Role.ROOT));
        for (TrustDocument document : List.of(both, handedOver)) {
            assertEquals("unconfirmed-root", verdict(fleet.admit(signed(document, fleet.root))));
            assertEquals("unknown-key", verdict(fleet.admit(signed(document, newRoot))));
            assertEquals("accepted", verdict(fleet.admit(signed(document, fleet.root, newRoot))));
            assertEquals("accepted", verdict(fleet.admit(signed(document, newRoot, fleet.root))), "in any order");
            assertEquals("unknown-key", verdict(fleet.admit(signed(document, newRoot, newRoot))), "twice is not both");
            assertEquals("unconfirmed-root", verdict(fleet.admit(signed(document, fleet.root, fleet.root))));
        }
    }

    @Test
    void newRootsSignatureMustBeGood() {
        TrustDocument document = document(8, oldRoot, key(newRoot, "dwr", Role.ROOT));
        byte[] payload = envelope(document);
        String old = sign(fleet.root, TRUST, NOW, payload);
        String ofOther = sign(newRoot, TRUST, NOW, "{}".getBytes(StandardCharsets.UTF_8));
        assertEquals("unconfirmed-root", verdict(fleet.admit(desired(TRUST, payload, old, ofOther))));
        String elsewhere = sign(newRoot, new Topic.Desired("dwr/x", "trust", Optional.empty()), NOW, payload);
        assertEquals("unconfirmed-root", verdict(fleet.admit(desired(TRUST, payload, old, elsewhere))));
    }

    @Test
    void everyNewRootMustSign() {
        SigningKey another = SigningKey.generate();
        TrustDocument document = document(8, key(newRoot, "dwr", Role.ROOT), key(another, "dwr", Role.ROOT));
        assertEquals("unconfirmed-root", verdict(fleet.admit(signed(document, fleet.root, newRoot))));
        assertEquals("accepted", verdict(fleet.admit(signed(document, fleet.root, newRoot, another))));
    }

    @Test
    void keyThatBecomesARootOrOneAgainIsANewRoot() {
        TrustDocument risen = document(8, oldRoot, key(fleet.operator, "dwr", Role.ROOT));
        assertEquals("unconfirmed-root", verdict(fleet.admit(signed(risen, fleet.root))));
        assertEquals("accepted", verdict(fleet.admit(signed(risen, fleet.root, fleet.operator))));
        TrustDocument back = document(8, oldRoot, key(fleet.retired, "dwr", Role.ROOT));
        assertEquals("unconfirmed-root", verdict(fleet.admit(signed(back, fleet.root))));
        assertEquals("accepted", verdict(fleet.admit(signed(back, fleet.root, fleet.retired))));
    }

    /** A device that slept through one change of the root comes along where the first root signs the next one too. */
    @Test
    void signaturesOfOthersDoNotHurt() {
        TrustDocument next = document(9, key(newRoot, "dwr", Role.ROOT));
        SigningKey between = SigningKey.generate();
        assertEquals("accepted", verdict(fleet.admit(signed(next, between, newRoot, fleet.root))));
        assertEquals("unknown-key", verdict(fleet.admit(signed(next, between, newRoot))));
    }

    @Test
    void moreSignaturesThanAnybodyNeedsAreRefusedUnread() {
        SigningKey[] keys = new SigningKey[Trust.MOST_SIGNATURES + 1];
        Arrays.fill(keys, fleet.root);
        TrustDocument newer = document(8, oldRoot);
        assertEquals("malformed", verdict(fleet.admit(signed(newer, keys))));
        assertEquals("accepted", verdict(fleet.admit(signed(newer, Arrays.copyOf(keys, Trust.MOST_SIGNATURES)))));
    }

    @Test
    void trustCannotBeRemoved() {
        for (String text : List.of("{\"removed\":true}", "{\"spec\":{},\"removed\":true}")) {
            byte[] payload = text.getBytes(StandardCharsets.UTF_8);
            assertEquals("bad-trust", verdict(fleet.admit(desired(fleet.root, TRUST, NOW, payload))));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"spec\":7}",
                "{\"spec\":{}}",
                "{\"spec\":{\"version\":8}}",
                "{\"spec\":{\"version\":8,\"keys\":[]}}",
                "{\"spec\":{\"version\":1},\"spec\":{\"version\":8}}"
            })
    void whatIsNoTrustDocumentIsRefused(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        assertEquals("bad-trust", verdict(fleet.admit(desired(fleet.root, TRUST, NOW, payload))));
    }

    /** A signer's tool that takes the first of twins shows another document than a device that takes the last. */
    @Test
    void documentThatReadsInTwoWaysIsRefused() {
        String text = new String(envelope(document(8, oldRoot)), StandardCharsets.UTF_8);
        byte[] payload =
                text.replace("\"version\":8", "\"version\":9,\"version\":8").getBytes(StandardCharsets.UTF_8);
        Admission.Refused refused =
                assertInstanceOf(Admission.Refused.class, fleet.admit(desired(fleet.root, TRUST, NOW, payload)));
        assertEquals("trust document: payload has two members \"version\"", refused.detail());
    }

    @Test
    void documentWhoseRootsMayNotSignWhereItCameIsRefused() {
        TrustDocument elsewhere = document(8, key(fleet.root, "world", Role.ROOT));
        Admission.Refused refused =
                assertInstanceOf(Admission.Refused.class, fleet.admit(signed(elsewhere, fleet.root)));
        assertEquals(Admission.Reason.BAD_TRUST, refused.reason());
        assertTrue(refused.detail().contains("none of its roots may sign for \"dwr\""), refused.detail());
    }

    @Test
    void rootOfAnotherScopeIsRefused() {
        Topic.Desired world = new Topic.Desired("world", "trust", Optional.empty());
        SignedMessage message = desired(fleet.root, world, NOW, envelope(document(8, oldRoot)));
        assertEquals("out-of-scope", verdict(fleet.admit(message)));
    }

    @Test
    void pinnedRootBringsTheFirstTrustDocument() {
        Trust none = new Trust(fleet.root.kid(), Optional.empty());
        Admission.Accepted accepted = assertInstanceOf(
                Admission.Accepted.class, none.admit(signed(fleet.document, fleet.root), at(NOW), Optional.empty()));
        assertEquals(fleet.trust, new Trust(none.root(), accepted.trust()));
    }

    @Test
    void nobodyElseBringsTheFirstTrustDocument() {
        Trust none = new Trust(fleet.root.kid(), Optional.empty());
        TrustDocument own = document(9, key(fleet.stranger, "dwr", Role.ROOT));
        assertEquals("unknown-key", verdict(none.admit(signed(own, fleet.stranger), at(NOW), Optional.empty())));
        TrustDocument withoutRole =
                document(9, key(fleet.root, "dwr", Role.OPERATOR), key(fleet.stranger, "dwr", Role.ROOT));
        assertEquals("wrong-role", verdict(none.admit(signed(withoutRole, fleet.root), at(NOW), Optional.empty())));
        String forged = Fleet.signedByHand(
                fleet.stranger,
                ProtectedHeader.desired(fleet.root.kid(), TRUST, NOW).write());
        SignedMessage message = desired(TRUST, envelope(fleet.document), forged);
        assertEquals("bad-signature", verdict(none.admit(message, at(NOW), Optional.empty())));
    }

    /** The stranger's key under the pinned root's name. */
    @Test
    void thumbprintIsComputedAndNotBelieved() {
        byte[] payload = new String(
                        envelope(document(9, key(fleet.stranger, "dwr", Role.ROOT))), StandardCharsets.UTF_8)
                .replace(fleet.stranger.kid(), fleet.root.kid())
                .getBytes(StandardCharsets.UTF_8);
        String jws = Jws.sign(
                fleet.stranger.privateKey(),
                ProtectedHeader.desired(fleet.root.kid(), TRUST, NOW).write(),
                payload);
        Trust none = new Trust(fleet.root.kid(), Optional.empty());
        assertEquals("bad-trust", verdict(none.admit(desired(TRUST, payload, jws), at(NOW), Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "root", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k="})
    void pinMustBeAThumbprint(String root) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Trust(root, Optional.empty()))
                .getMessage();
        assertEquals("root must be an RFC 7638 thumbprint, 43 characters of base64url: " + root, message);
    }

    private static SignedMessage signed(TrustDocument document, SigningKey... keys) {
        byte[] payload = envelope(document);
        return desired(
                TRUST,
                payload,
                Arrays.stream(keys).map(key -> sign(key, TRUST, NOW, payload)).toArray(String[]::new));
    }
}
