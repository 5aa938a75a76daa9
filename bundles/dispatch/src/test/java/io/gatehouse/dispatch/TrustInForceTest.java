package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static io.gatehouse.dispatch.Gateway.command;
import static io.gatehouse.dispatch.Signer.OPERATOR;
import static io.gatehouse.dispatch.Signer.ROOT;
import static io.gatehouse.dispatch.Signer.document;
import static io.gatehouse.dispatch.Signer.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a device does by the rules of {@code protocol.trust}, which have tests of their own there. */
@Timeout(60)
class TrustInForceTest {
    private static final String TOPIC = "dwr/311/7/desired/feature/modbus";

    @TempDir
    Path state;

    // --- whoever signs nothing

    @Test
    void refusesUnsignedCommandAndSaysWhyToTheSenderAndTheFleet() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        gateway.handle("reboot", invocation -> {
            throw new AssertionError("ran");
        });
        gateway.receiveAsItIs(command("reboot", "{}", "1"));
        Message reply = gateway.next();
        assertEquals(
                "unsigned",
                io.gatehouse.protocol.Json.read(reply.payload())
                        .object("problem")
                        .string("type"));
        assertEquals(Optional.of(Duration.ofSeconds(10)), reply.expiry(), "it is not worth a write to flash");
        Members event = gateway.event().members();
        assertEquals("unsigned", event.string("type"));
        assertEquals("dwr/311/7/cmd/reboot", event.string("topic"));
    }

    @Test
    void answersNotManyWhoCouldNotSayWhoTheyAre() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        for (int i = 0; i < 1000; i++) {
            gateway.receiveAsItIs(command("ping", "{}", "id" + i));
        }
        assertEquals(60, gateway.sent.size());
        assertEquals(1, gateway.events.size());
        gateway.sent.clear();
        gateway.events.clear();
        gateway.pass(Duration.ofMinutes(1));
        gateway.receiveAsItIs(command("ping", "{}", "again"));
        assertEquals(1, gateway.sent.size());
        assertEquals(1000, gateway.event().members().integer("count", 0, 2000));
        gateway.pass(Duration.ofSeconds(61));
        gateway.receiveAsItIs(command("ping", "{}", "again"));
        assertEquals(0, gateway.events.size(), "who goes on is told of less and less often");
        gateway.pass(Duration.ofSeconds(60));
        gateway.receiveAsItIs(command("ping", "{}", "again"));
        assertEquals(2, gateway.event().members().integer("count", 0, 2000));
    }

    @Test
    void tellsOfOneTopicBesideAnotherButNotOfAllThatAreMadeUp() {
        Gateway gateway = new Gateway(state);
        gateway.receiveAsItIs(command("ping", "{}", "1"));
        gateway.receiveAsItIs(command("reboot", "{}", "2"));
        assertEquals(2, gateway.events.size());
        for (int i = 0; i < 1000; i++) {
            gateway.receiveAsItIs(command("made-up-" + i, "{}", "id" + i));
        }
        assertTrue(gateway.events.size() <= 65, () -> gateway.events.size() + " events");
    }

    @Test
    void refusesUnsignedWishAndChangesNothing() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        gateway.receiveAsItIs(Message.json(TOPIC, bytes("{\"spec\":1}")).retained());
        assertEquals(List.of(List.of()), feature.told);
        assertEquals(0, gateway.reports.size(), "a report is retained, and not for a stranger to write");
        Members event = gateway.event().members();
        assertEquals("unsigned", event.string("type"));
        assertEquals(TOPIC, event.string("topic"));
        assertEquals(io.gatehouse.api.artifact.Sha256.of(bytes("{\"spec\":1}")).hex(), event.string("sha256"));
    }

    @Test
    void withoutARootNobodyIsBelieved() throws InterruptedException {
        Gateway gateway = Gateway.stranger(state, new MemoryStore());
        gateway.root = Optional.empty();
        gateway.receive(Signer.trust(document(1), Gateway.signingTime()));
        gateway.receive(command("ping", "{}", "1"));
        Members problem = gateway.reply().object("problem");
        assertEquals("no-trust", problem.string("type"));
        assertTrue(problem.string("detail").contains("gatehouse.root"), problem::toString);
    }

    // --- the trust document

    @Test
    void whatCameBeforeTheTrustDocumentCountsWhenItComes() {
        Gateway gateway = Gateway.stranger(state, new MemoryStore());
        ToldResource feature = ToldResource.at(gateway, "feature");
        gateway.receive(Message.json(TOPIC, bytes("{\"spec\":1}")).retained());
        assertEquals(1, feature.told.size());
        gateway.receive(Signer.trust(document(3), Gateway.signingTime()));
        gateway.pass(Duration.ZERO);
        assertEquals(List.of(TOPIC), feature.lastTopics());
        assertEquals(
                OPERATOR.kid(), feature.last().get(0).signature().orElseThrow().kid());
        Gateway.Said report = gateway.reports.remove();
        assertEquals("trust", report.name());
        assertEquals("applied", report.members().string("state"));
        assertEquals(3, report.members().integer("version", 0, 9));
        assertEquals(
                List.of(ROOT.kid(), OPERATOR.kid()),
                report.members().objects("keys").stream()
                        .map(key -> key.string("kid"))
                        .toList());
        assertTrue(report.members().object("desired").has(Signer.TRUST));
    }

    @Test
    void keepsWhomItTrustsOverARestart() throws InterruptedException {
        Gateway before = new Gateway(state);
        Gateway after = Gateway.stranger(state, before.store);
        after.handle("ping", invocation -> Outcome.done(Map.of()));
        after.receive(command("ping", "{}", "1"));
        assertEquals("done", after.reply().string("state"));
        assertEquals(0, after.reports.size(), "nothing changed");
    }

    @Test
    void ofDocumentsAtSeveralScopesTheHighestVersionCounts() throws InterruptedException {
        SigningKey other = SigningKey.generate();
        Gateway gateway = new Gateway(state);
        TrustDocument second = document(2, key(other, Role.OPERATOR));
        Message wide = Message.json(
                "world/desired/trust", Signer.trust(second, Gateway.NOW).payload());
        gateway.receive(Signer.sign(ROOT, wide, Gateway.signingTime()));
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "{}", "1"));
        assertEquals("unknown-key", gateway.reply().object("problem").string("type"));
        gateway.receive(Signer.trust(document(1), Gateway.signingTime()));
        gateway.receive(command("ping", "{}", "2"));
        assertEquals("unknown-key", gateway.reply().object("problem").string("type"), "version 1 is over");
        gateway.receive(Signer.sign(other, command("ping", "{}", "3"), Gateway.NOW));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void lostFolderTakesNobodyBackToAnOlderDocument() throws IOException, InterruptedException {
        Gateway gateway = new Gateway(state);
        gateway.receive(Signer.trust(document(5), Gateway.signingTime()));
        Files.delete(state.resolve("desired/dwr%2Fdesired%2Ftrust"));
        Gateway after = Gateway.stranger(state, gateway.store);
        after.receive(Signer.trust(document(4), Gateway.signingTime()));
        assertEquals("rolled-back", after.event().members().string("type"));
        after.receive(Signer.trust(document(5), Gateway.signingTime()));
        assertEquals(5, after.reports.remove().members().integer("version", 0, 9));
    }

    @Test
    void tellsWhatARevokedKeySignedAndLeavesItInForce() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        gateway.receive(Message.json(TOPIC, bytes("{\"spec\":1}")));
        gateway.receive(Signer.trust(document(2, key(SigningKey.generate(), Role.OPERATOR)), Gateway.signingTime()));
        Members event = gateway.event().members();
        assertEquals("revoked-key", event.string("type"));
        assertEquals(OPERATOR.kid(), event.string("kid"));
        assertEquals(List.of(TOPIC), event.strings("topics"));
        assertEquals(List.of(TOPIC), feature.lastTopics());
    }

    @Test
    void deviceWhoseFolderFailsTrustsThoseWhomTheBrokerBringsAgain() throws IOException, InterruptedException {
        Files.createSymbolicLink(state.resolve("desired"), state.resolve("desired"));
        Gateway gateway = new Gateway(state);
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "{}", "1"));
        assertEquals("done", gateway.reply().string("state"));
    }

    // --- what was accepted before

    @Test
    void olderEnvelopeIsNotTakenAgainAlsoWhenTheNewerTookItAway() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        Message older = gateway.signed(Message.json(TOPIC, bytes("{\"spec\":1}")));
        gateway.receive(older);
        gateway.receive(Message.json(TOPIC, bytes("{\"removed\":true}")));
        gateway.receive(older);
        assertEquals("replayed", gateway.event().members().string("type"));
        assertEquals(List.of(), feature.last());
        Gateway after = Gateway.stranger(state, gateway.store);
        ToldResource again = ToldResource.at(after, "feature");
        after.receive(older);
        assertEquals("replayed", after.event().members().string("type"));
        assertEquals(List.of(List.of()), again.told);
    }

    @Test
    void rolloutThatPassesTheDeviceByLeavesWhatItHasAndNothingOlderIsTakenAgain() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        Message first = gateway.signed(Message.json(TOPIC, bytes("{\"spec\":1}")));
        Message second = gateway.signed(Message.json(TOPIC, bytes("{\"spec\":2}")));
        gateway.receive(first);
        gateway.receive(second);
        gateway.receive(Message.json(TOPIC, bytes("{\"spec\":3,\"rollout\":{\"percent\":0,\"salt\":\"s\"}}")));
        assertEquals(2L, feature.last().get(0).spec());
        Gateway after = Gateway.stranger(state, gateway.store);
        ToldResource again = ToldResource.at(after, "feature");
        assertEquals(2L, again.last().get(0).spec());
        after.receive(second);
        assertEquals("replayed", after.event().members().string("type"));
        assertEquals(1, again.told.size());
    }

    @Test
    void sameWishSignedAnewIsNotToldAgain() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        gateway.receive(Message.json(TOPIC, bytes("{\"spec\":1}")));
        gateway.receive(Message.json(TOPIC, bytes("{\"spec\":1}")));
        assertEquals(2, feature.told.size());
    }

    // --- time

    @Test
    void wishFromAheadOfAWrongClockCountsWhenTheClockIsSet() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        Message wish = Message.json(TOPIC, bytes("{\"spec\":1}"));
        gateway.receive(Signer.sign(OPERATOR, wish, Gateway.NOW.plus(Duration.ofHours(1))));
        gateway.pass(Wishes.AGAIN);
        assertEquals(1, feature.told.size());
        gateway.clock.set(Gateway.NOW.plus(Duration.ofHours(1)));
        gateway.pass(Wishes.AGAIN);
        assertEquals(List.of(TOPIC), feature.last().stream().map(Desired::topic).toList());
        assertEquals(1, gateway.events.size(), "told once");
        assertEquals(0, gateway.alarms());
    }

    /** Else whoever may sign for one device could make it refuse every command there will ever be. */
    @Test
    void wishesFromAheadOfAClockThatIsRightDoNotMakeItCountForNothing() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        Message wish = Message.json(TOPIC, bytes("{\"spec\":1}"));
        for (Duration ahead : List.of(Duration.ofMinutes(9), Duration.ofMinutes(18), Duration.ofDays(9999))) {
            gateway.receive(Signer.sign(OPERATOR, wish, Gateway.NOW.plus(ahead)));
        }
        assertEquals("not-yet", gateway.event().members().string("type"));
        Duration life = Duration.ofMinutes(20);
        gateway.receive(Signer.sign(OPERATOR, command("ping", "{}", "1").expiring(life), Gateway.NOW));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void deviceThatWakesIn1970RunsNoCommandThatExpiredBeforeItWasBuiltOrBeforeWhatItWasTold()
            throws InterruptedException {
        Gateway gateway = new Gateway(state);
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "{}", "1"));
        assertEquals("done", gateway.reply().string("state"));
        gateway.dispatcher.deactivate(); // all that it had to tell is told
        Gateway after = Gateway.stranger(state, gateway.store);
        after.clock.set(java.time.Instant.EPOCH);
        after.handle("ping", invocation -> Outcome.done(Map.of()));
        after.receiveAsItIs(Signer.sign(OPERATOR, command("ping", "{}", "2"), Gateway.NOW.minus(Duration.ofHours(2))));
        assertEquals("expired", after.reply().object("problem").string("type"));
        after.receiveAsItIs(Signer.sign(OPERATOR, command("ping", "{}", "3"), Gateway.NOW.plus(Duration.ofDays(99))));
        assertEquals("done", after.reply().string("state"), "nobody here knows better");
    }

    // --- two that sign

    @Test
    void identityIsTheSignersOwn() throws InterruptedException {
        SigningKey other = SigningKey.generate();
        Gateway gateway = new Gateway(state);
        gateway.receive(Signer.trust(
                document(2, key(OPERATOR, Role.OPERATOR), key(other, Role.OPERATOR)), Gateway.signingTime()));
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "{\"a\":1}", "1"));
        assertEquals("done", gateway.reply().string("state"));
        gateway.receive(Signer.sign(other, command("ping", "{\"a\":2}", "1"), Gateway.NOW));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void ofTwoSignaturesAtACommandNoneCounts() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        Message signed = gateway.signed(command("ping", "{}", "1"));
        gateway.receive(signed.with(
                Jws.PROPERTY, signed.properties().first(Jws.PROPERTY).orElseThrow()));
        assertEquals("malformed", gateway.reply().object("problem").string("type"));
    }
}
