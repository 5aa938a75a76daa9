package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static io.gatehouse.dispatch.Gateway.command;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommandsTest extends CommandsFixture {
    @Test
    void runsCommandAndAnswersWithTheSameCorrelationData() throws InterruptedException {
        gateway.handle(
                "echo",
                invocation ->
                        Outcome.done(Map.of("text", invocation.arguments().string("text"), "id", invocation.id())));
        gateway.receive(command("echo", "{\"text\":\"hello\"}", "id-1"));
        Message reply = gateway.next();
        assertEquals("reply/me", reply.topic());
        assertArrayEquals(bytes("id-1"), reply.correlation().orElseThrow());
        Members body = Json.read(reply.payload());
        assertEquals("done", body.string("state"));
        assertEquals("hello", body.object("result").string("text"));
        assertEquals(base64("id-1"), body.object("result").string("id"));
    }

    @Test
    void saysWhoSignedIt() throws InterruptedException {
        gateway.handle(
                "whose",
                invocation -> Outcome.done(
                        Map.of("kid", invocation.signature().orElseThrow().kid())));
        gateway.receive(command("whose", "{}", "id-1"));
        assertEquals(Signer.OPERATOR.kid(), gateway.reply().object("result").string("kid"));
    }

    /** As {@code mosquitto_rr} sends it when it is not told otherwise. */
    @Test
    void refusesCommandWithoutCorrelationData() throws InterruptedException {
        Message message = command("ping", "{}", "x");
        gateway.receive(new Message(
                message.topic(),
                message.payload(),
                message.contentType(),
                false,
                new Message.Exchange(Optional.of("reply/x"), Optional.empty()),
                Optional.empty(),
                UserProperties.none()));
        Message reply = gateway.next();
        assertEquals("reply/x", reply.topic());
        assertEquals(Optional.empty(), reply.correlation());
        assertProblem("refused", "wrong-identity", Json.read(reply.payload()));
    }

    @Test
    void whatTheLauncherHoldsToBoundsCarriesOutNoCommandOfTheHouse() throws InterruptedException {
        gateway.handleAsGuest("ping", invocation -> Outcome.done(Map.of("by", "guest")));
        gateway.receive(command("ping", "{}", "1"));
        assertEquals("guest", gateway.reply().object("result").string("by"));
        gateway.handle("ping", invocation -> Outcome.done(Map.of("by", "house")));
        gateway.receive(command("ping", "{}", "2"));
        assertEquals("house", gateway.reply().object("result").string("by"));
    }

    @Test
    void answersAtEveryScopeOfTheDevice() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(Message.json("world/cmd/ping", bytes("{}")).answeredAt("reply/x", bytes("1")));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void endOfCommandWithoutResponseTopicIsAnEvent() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of("pong", true)));
        gateway.receive(Message.json("dwr/cmd/ping", new byte[0]).answering(bytes("1")));
        Gateway.Said event = gateway.event();
        assertEquals("command", event.name());
        assertEquals("ping", event.members().string("command"));
        assertEquals("dwr/cmd/ping", event.members().string("topic"));
        assertEquals("done", event.members().string("state"));
        assertEquals(base64("1"), event.members().string("id"));
        assertEquals(0, gateway.sent.size());
    }

    @Test
    void answersNowhereButUnderReplyAndSaysSoOnce() throws InterruptedException {
        Semaphore ran = new Semaphore(0);
        gateway.handle("ping", invocation -> {
            ran.release();
            return Outcome.done(Map.of());
        });
        for (String topic : List.of("dwr/311/7/cmd/reboot", "reply", "reply/", "reply/#", "replying/x")) {
            gateway.receive(Message.json("dwr/311/7/cmd/ping", new byte[0]).answeredAt(topic, bytes(topic)));
        }
        ran.acquire(5);
        Gateway.Said event = gateway.event();
        assertEquals("security", event.name());
        assertEquals("response-topic", event.members().string("type"));
        gateway.receive(command("ping", "", "good"));
        assertArrayEquals(bytes("good"), gateway.next().correlation().orElseThrow());
        assertEquals(0, gateway.events.size());
    }

    @Test
    void refusesPayloadOfMoreThan256KiBUnread() throws InterruptedException {
        gateway.handle(
                "count",
                invocation -> Outcome.done(
                        Map.of("length", invocation.arguments().string("x").length())));
        String frame = "{\"x\":\"\"}";
        String most = "{\"x\":\"" + "y".repeat(262_144 - frame.length()) + "\"}";
        gateway.receive(command("count", most, "1"));
        assertEquals(262_144 - frame.length(), gateway.reply().object("result").integer("length", 0, 1 << 20));
        gateway.receive(command("count", most + "}", "2")); // were it read, it would be found to be no JSON
        Members reply = gateway.reply();
        assertProblem("refused", "too-large", reply);
        String detail = reply.object("problem").string("detail");
        assertTrue(detail.contains("262145") && detail.contains("262144"), detail);
    }

    @Test
    void refusesArgumentsThatAreNoObject() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        for (String payload : List.of("[]", "{", "7", "{}{}")) {
            gateway.receive(command("ping", payload, payload));
            assertProblem("refused", "bad-argument", gateway.reply());
        }
    }

    @Test
    void endsOnceWhateverItsHandlerDoes() throws InterruptedException {
        expect("refused", "bad-argument", invocation -> {
            throw new BadArgument("host is missing");
        });
        expect("failed", "io-error", invocation -> {
            throw new IOException("no route");
        });
        expect("failed", "wrong-digest", invocation -> {
            throw new ArtifactUnavailable("wrong-digest", "it hashes to something else", null);
        });
        expect("failed", "handler-error", invocation -> {
            throw new StackOverflowError("deep");
        });
        expect("failed", "handler-error", invocation -> null);
        expect("failed", "handler-error", invocation -> Outcome.done(Map.of("x", new Object())));
        expect("failed", "interrupted", invocation -> {
            throw new InterruptedException();
        });
        expect("refused", "not-now", invocation -> Outcome.refused("not-now", "later"));
        expect("failed", "half-done", invocation -> Outcome.failed("half-done", "the rest is left"));
    }

    @Test
    void handlerThatCannotBeHadIsUnavailable() throws InterruptedException {
        gateway.handle("ping", null);
        gateway.receive(command("ping", "", "1"));
        assertProblem("refused", "unavailable", gateway.reply());
    }

    @Test
    void refusesUnknownCommandAndNamesThoseItHas() throws InterruptedException {
        gateway.handle("reboot", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("pnig", "", "1"));
        gateway.pass(Commands.PATIENCE);
        Members reply = gateway.reply();
        assertProblem("refused", "unknown-command", reply);
        String detail = reply.object("problem").string("detail");
        assertTrue(detail.contains("\"pnig\"") && detail.contains("cancel, reboot"), detail);
        assertEquals(0, gateway.alarms());
    }

    @Test
    void waitsAMomentForHandlerThatIsJustBeingStarted() throws InterruptedException {
        gateway.receive(command("ping", "", "1"));
        gateway.pass(Commands.PATIENCE.minusMillis(1));
        assertEquals(0, gateway.sent.size());
        gateway.handle("other", invocation -> Outcome.done(Map.of()));
        gateway.handle("ping", invocation -> Outcome.done(Map.of("late", true)));
        assertTrue(gateway.reply().object("result").bool("late", false));
    }

    @Test
    void secondHandlerOfACommandTakesOverWhenTheFirstGoes() throws InterruptedException {
        var first = gateway.handle("ping", invocation -> Outcome.done(Map.of("by", 1)));
        gateway.handle("ping", invocation -> Outcome.done(Map.of("by", 2)));
        gateway.receive(command("ping", "", "1"));
        assertEquals(1, gateway.reply().object("result").integer("by", 0, 9));
        gateway.dispatcher.removeHandler(first);
        gateway.receive(command("ping", "", "2"));
        assertEquals(2, gateway.reply().object("result").integer("by", 0, 9));
    }

    @Test
    void neverRunsRetainedCommand() throws InterruptedException {
        gateway.handle("ping", invocation -> {
            throw new AssertionError("ran");
        });
        gateway.receive(command("ping", "", "1").retained());
        assertProblem("refused", "retained", gateway.reply());
        assertEquals("retained-command", gateway.event().members().string("type"));
    }

    @Test
    void neverRunsExpiredCommand() throws InterruptedException {
        gateway.handle("ping", invocation -> {
            throw new AssertionError("ran");
        });
        gateway.receive(command("ping", "", "1").expiring(Duration.ZERO));
        assertProblem("refused", "expired", gateway.reply());
    }

    @Test
    void refusesCorrelationDataOfMoreThan64Bytes() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "", "x".repeat(65)));
        assertProblem("refused", "bad-argument", gateway.reply());
        gateway.receive(command("ping", "", "x".repeat(64)));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void tellsProgressOnlyWhereItWasAskedForAndNeverBackwardsNorTooOften() throws InterruptedException {
        gateway.handle("work", invocation -> {
            for (double ratio : new double[] {-1, 0.5, 0.25, Double.NaN, 7}) {
                invocation.progress(ratio, "at " + ratio);
                invocation.progress(0.99, "too soon");
                gateway.pass(Duration.ofMillis(200));
            }
            return Outcome.done(Map.of());
        });
        gateway.receive(command("work", "", "1").with("progress", "true"));
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Members body = gateway.reply();
            told.add(body.string("state")
                    + body.value("progress")
                            .map(p -> " " + ((Number) p).doubleValue())
                            .orElse(""));
        }
        assertEquals(List.of("running 0.0", "running 0.5", "running 0.5", "running 0.5", "running 1.0", "done"), told);
        gateway.receive(command("work", "", "2"));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void tellsNoProgressAfterTheEnd() throws InterruptedException {
        AtomicReference<Invocation> kept = new AtomicReference<>();
        gateway.handle("work", invocation -> {
            kept.set(invocation);
            return Outcome.done(Map.of());
        });
        gateway.receive(command("work", "", "1").with("progress", "true"));
        assertEquals("done", gateway.reply().string("state"));
        kept.get().progress(0.7, "from the grave");
        assertEquals(0, gateway.sent.size());
    }

    @Test
    void sendsBytesToWhoeverAskedBeforeTheEnd() throws InterruptedException {
        byte[] bytes = new byte[64 * 1024];
        bytes[7] = 7;
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("offset", "0");
        properties.put("size", "65536");
        gateway.handle("read", invocation -> {
            invocation.data(bytes, properties);
            bytes[7] = 8; // what was sent waits for a transport meanwhile
            return Outcome.done(Map.of());
        });
        gateway.receive(command("read", "", "1"));
        Message data = gateway.next();
        assertEquals("reply/me", data.topic());
        assertArrayEquals(bytes("1"), data.correlation().orElseThrow());
        assertEquals("application/octet-stream", data.contentType());
        assertEquals(UserProperties.of(properties), data.properties());
        assertEquals(64 * 1024, data.payload().length);
        assertEquals(7, data.payload()[7]);
        assertEquals(Optional.of(Duration.ofSeconds(10)), data.expiry(), "so the outbox keeps it off flash");
        assertFalse(data.retain());
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void sendsNoMoreThan64KiBAtOnce() throws InterruptedException {
        gateway.handle("read", invocation -> {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> invocation.data(new byte[64 * 1024 + 1], Map.of()));
            return Outcome.done(Map.of("refused", String.valueOf(refused.getMessage())));
        });
        gateway.receive(command("read", "", "1"));
        String refused = gateway.reply().object("result").string("refused");
        assertTrue(refused.contains("65537") && refused.contains("65536"), refused);
    }

    @Test
    void sendsNoBytesAfterTheEnd() throws InterruptedException {
        AtomicReference<Invocation> kept = new AtomicReference<>();
        gateway.handle("read", invocation -> {
            kept.set(invocation);
            return Outcome.done(Map.of());
        });
        gateway.receive(command("read", "", "1"));
        assertEquals("done", gateway.reply().string("state"));
        kept.get().data(new byte[1], Map.of());
        assertEquals(0, gateway.sent.size());
    }

    @Test
    void sendsNoBytesWhereNobodyMayBeAnswered() throws InterruptedException {
        gateway.handle("read", invocation -> {
            invocation.data(new byte[1], Map.of());
            return Outcome.done(Map.of());
        });
        gateway.receive(Message.json("dwr/cmd/read", new byte[0]).answering(bytes("1")));
        assertEquals("command", gateway.event().name());
        gateway.receive(Message.json("dwr/cmd/read", new byte[0]).answeredAt("dwr/311/7/cmd/reboot", bytes("2")));
        assertEquals("response-topic", gateway.event().members().string("type"));
        assertEquals(0, gateway.sent.size());
    }

    private void expect(String state, String type, CommandHandler handler) throws InterruptedException {
        var reference = gateway.handle("it", handler);
        gateway.receive(command("it", "", "id " + handler.hashCode()));
        assertProblem(state, type, gateway.reply());
        gateway.dispatcher.removeHandler(reference);
        assertEquals(0, gateway.sent.size());
    }
}
