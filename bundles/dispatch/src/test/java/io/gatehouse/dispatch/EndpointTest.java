package io.gatehouse.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class EndpointTest {
    @TempDir
    Path state;

    @Test
    void clientIdIsTheDevicesNameInFormThatEveryBrokerTakes() {
        assertEquals("gatehouse-dwr:311:7", new Gateway(state).dispatcher.clientId());
        String longest = "f".repeat(60) + "/" + "m".repeat(60) + "/";
        String one = new Gateway(state, longest + "1", "world").dispatcher.clientId();
        String two = new Gateway(state, longest + "2", "world").dispatcher.clientId();
        assertTrue(one.length() <= 128, one);
        assertNotEquals(one, two);
    }

    @Test
    void listensAtEveryScopeAndAtItsOwnTopics() {
        Gateway gateway = new Gateway(state);
        gateway.dispatcher.addReceiver(message -> {}, Map.of("gatehouse.receives", "rain/in"));
        gateway.dispatcher.addReceiver(message -> {}, Map.of("gatehouse.receives", "self"));
        assertEquals(
                List.of(
                        "world/desired/#",
                        "world/cmd/+",
                        "world/asia/desired/#",
                        "world/asia/cmd/+",
                        "dwr/desired/#",
                        "dwr/cmd/+",
                        "dwr/311/desired/#",
                        "dwr/311/cmd/+",
                        "dwr/311/7/desired/#",
                        "dwr/311/7/cmd/+",
                        "dwr/311/7/self",
                        "dwr/311/7/artifact/data",
                        "dwr/311/7/stream/+/in",
                        "dwr/311/7/rain/in"),
                gateway.dispatcher.filters());
    }

    /** A kept session would collect the subscriptions of streams that are long gone. */
    @Test
    void streamsShareOneSubscription() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        List<String> before = gateway.dispatcher.filters();
        List<String> received = new ArrayList<>();
        gateway.dispatcher.addReceiver(
                message -> received.add(message.topic()), Map.of("gatehouse.receives", "stream/a1/in"));
        assertEquals(before, gateway.dispatcher.filters());
        gateway.receive(Message.json("dwr/311/7/stream/a1/in", new byte[10]));
        gateway.receive(Message.json("dwr/311/7/stream/b2/in", new byte[10]));
        assertEquals(List.of("dwr/311/7/stream/a1/in"), received);
    }

    @Test
    void receiverThatComesWhileConnectedIsListenedForAtOnce() {
        Gateway gateway = new Gateway(state);
        List<List<String>> asked = new ArrayList<>();
        gateway.dispatcher.connected(() -> asked.add(gateway.dispatcher.filters()));
        asked.clear();
        gateway.dispatcher.addReceiver(message -> {}, Map.of("gatehouse.receives", "rain/in"));
        assertEquals(1, asked.size());
        assertTrue(asked.get(0).contains("dwr/311/7/rain/in"), asked.toString());
        gateway.dispatcher.disconnected("the cable was pulled");
        gateway.dispatcher.addReceiver(message -> {}, Map.of("gatehouse.receives", "rain/out"));
        assertEquals(1, asked.size(), "the next connection asks anyway");
    }

    /** It came after the transport had asked for the filters, and before it said that it is connected. */
    @Test
    void receiverThatComesWhileSubscribingIsNotMissed() {
        Gateway gateway = new Gateway(state);
        List<String> subscribed = gateway.dispatcher.filters();
        gateway.dispatcher.addReceiver(message -> {}, Map.of("gatehouse.receives", "rain/in"));
        List<List<String>> asked = new ArrayList<>();
        gateway.dispatcher.connected(() -> asked.add(gateway.dispatcher.filters()));
        assertEquals(1, asked.size());
        assertNotEquals(subscribed, asked.get(0));
    }

    @Test
    void dropsWhatIsTooLargeForAnyReceiverAndSaysSo() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        List<Integer> received = new ArrayList<>();
        gateway.dispatcher.addReceiver(
                message -> received.add(message.payload().length), Map.of("gatehouse.receives", "artifact/data"));
        gateway.receive(Message.json("dwr/311/7/artifact/data", new byte[262_144]));
        gateway.receive(Message.json("dwr/311/7/artifact/data", new byte[262_145]));
        assertEquals(List.of(262_144), received);
        Members event = gateway.event().members();
        assertEquals("too-large", event.string("type"));
        assertTrue(event.string("detail").contains("dwr/311/7/artifact/data"), event.string("detail"));
    }

    @Test
    void saysThatItIsOnlineWithWhatItRuns() {
        Gateway gateway = new Gateway(state);
        String boot = gateway.device.boot();
        Message online = gateway.dispatcher.online().orElseThrow();
        Members body = Json.read(online.payload());
        assertEquals("dwr/311/7/status", online.topic());
        assertTrue(online.retain());
        assertEquals(UserProperties.none().and("device", "dwr/311/7").and("boot", boot), online.properties());
        assertEquals("online", body.string("state"));
        assertEquals(boot, body.string("boot"));
        assertEquals("world/asia", body.string("place"));
        assertEquals("1.2.3", body.string("runtime"));
        assertEquals("V2.03B01", body.string("firmware"));
        assertEquals("2026-01-02T03:04:05.006Z", body.string("at"));
    }

    @Test
    void itsWillIsRetainedAtTheSameTopicAndSmall() {
        Message will = new Gateway(state).dispatcher.will().orElseThrow();
        assertEquals("dwr/311/7/status", will.topic());
        assertTrue(will.retain());
        assertEquals(
                "{\"state\":\"offline\",\"reason\":\"connection lost\"}",
                new String(will.payload(), StandardCharsets.UTF_8));
    }

    @Test
    void findsTheSystemsVersionInItsReleaseFile() throws IOException {
        Path file = Files.writeString(state.resolve("os-release"), "NAME=\"OpenWrt\"\nVERSION_ID=\"22.03.5\"\n");
        assertEquals(Optional.of("22.03.5"), Status.osVersion(file));
        assertEquals(Optional.empty(), Status.osVersion(state.resolve("none")));
    }

    @Test
    void needsItsStateFolderNamed() {
        Gateway gateway = new Gateway(state);
        gateway.properties.remove("gatehouse.state");
        String message =
                assertThrows(IllegalStateException.class, gateway::again).getMessage();
        assertTrue(message.contains("gatehouse.state"), message);
    }

    @Test
    void handsWhatArrivesBelowTheDeviceToWhoeverReceivesItThere() {
        Gateway gateway = new Gateway(state);
        List<String> received = new ArrayList<>();
        gateway.dispatcher.addReceiver(
                message -> {
                    throw new IllegalStateException("a bad receiver");
                },
                Map.of("gatehouse.receives", "artifact/data"));
        var good = (io.gatehouse.api.message.Receiver) message -> received.add(message.topic());
        gateway.dispatcher.addReceiver(good, Map.of("gatehouse.receives", "artifact/data"));
        gateway.receive(Message.json("dwr/311/7/artifact/data", new byte[0]));
        gateway.receive(Message.json("dwr/311/7/self", new byte[0]));
        gateway.dispatcher.removeReceiver(good);
        gateway.receive(Message.json("dwr/311/7/artifact/data", new byte[0]));
        assertEquals(List.of("dwr/311/7/artifact/data"), received);
    }

    @Test
    void tellsOfMessagesAtForeignTopicsOnceAMinuteAndCountsTheRest() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        for (int i = 0; i < 5; i++) {
            gateway.receive(Message.json("other/311/7/cmd/ping", new byte[0]));
        }
        Gateway.Said first = gateway.event();
        assertEquals("security", first.name());
        assertEquals("unknown-topic", first.members().string("type"));
        assertEquals(1, first.members().integer("count", 0, 100));
        assertEquals(0, gateway.events.size());
        gateway.pass(Duration.ofMinutes(1));
        gateway.receive(Message.json("world/africa/desired/feature/x", new byte[0]));
        assertEquals(5, gateway.event().members().integer("count", 0, 100));
        assertEquals(0, gateway.sent.size());
    }

    /** Nobody's message may stop the way in: whatever comes, the next command is run. */
    @Test
    void noMessageStopsTheNext() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        gateway.handle("ping", invocation -> Outcome.done(Map.of("pong", true)));
        Random random = new Random(42);
        List<String> topics = List.of(
                "dwr/311/7/cmd/ping",
                "dwr/311/7/cmd/",
                "dwr/311/7/desired/feature/x",
                "dwr/311/7/desired/a b",
                "dwr/311/7/desired//",
                "dwr/311/7/desired/cmd",
                "dwr/cmd/cancel",
                "dwr/311/7/self",
                "",
                "/",
                "////",
                "dwr/311/7/");
        List<String> payloads = List.of(
                "",
                "{",
                "{}",
                "[]",
                "nul",
                "{\"spec\":1}",
                "{\"removed\":true}",
                "{\"id\":7}",
                "\ud800",
                "{\"a\":1e99999999999}",
                "[".repeat(5000),
                "{\"spec\":{},\"rollout\":{\"percent\":\"all\"}}");
        for (int i = 0; i < 2000; i++) {
            byte[] payload = Gateway.bytes(payloads.get(random.nextInt(payloads.size())));
            Message message = Message.json(topics.get(random.nextInt(topics.size())), payload);
            message = random.nextBoolean() ? message : message.retained();
            message = random.nextBoolean() ? message : message.expiring(Duration.ofSeconds(random.nextInt(3) - 1));
            byte[] correlation = new byte[random.nextInt(70)];
            random.nextBytes(correlation);
            String[] answers = {"reply/x", "reply/", "#", "", "reply/+", "dwr/311/7/cmd/ping"};
            gateway.receive(message.answeredAt(answers[random.nextInt(answers.length)], correlation));
        }
        gateway.pass(Duration.ofHours(2)); // all that still waits is over
        gateway.sent.clear();
        gateway.receive(Gateway.command("ping", "{}", "last"));
        Message last = gateway.next();
        while (!new String(last.correlation().orElse(new byte[0]), StandardCharsets.UTF_8).equals("last")) {
            last = gateway.next();
        }
        assertEquals("done", Json.read(last.payload()).string("state"));
    }
}
