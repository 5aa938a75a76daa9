package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.message.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WishesTest {
    private static final String TOPIC = "dwr/311/7/desired/feature/modbus";

    @TempDir
    Path state;

    @Test
    void tellsResourceAllThatIsWantedFromWidestToNarrowest() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        assertEquals(List.of(List.of()), feature.told, "nothing is said too");
        wish(gateway, TOPIC, "{\"spec\":{\"n\":1}}");
        wish(gateway, "world/desired/feature/b", "{\"spec\":2}");
        wish(gateway, "world/desired/feature/a", "{\"spec\":\"three\"}");
        wish(gateway, "dwr/desired/feature", "{\"spec\":[4]}");
        wish(gateway, "dwr/desired/firmware", "{\"spec\":{}}");
        assertEquals(5, feature.told.size(), "not told of firmware");
        assertEquals(
                List.of("world/desired/feature/a", "world/desired/feature/b", "dwr/desired/feature", TOPIC),
                feature.last().stream().map(Desired::topic).toList());
        Desired narrowest = feature.last().get(3);
        assertEquals(4, narrowest.breadth());
        assertEquals("modbus", narrowest.name().orElseThrow());
        assertEquals(Map.of("n", 1L), narrowest.spec());
        assertEquals(Sha256.of(bytes("{\"spec\":{\"n\":1}}")).hex(), narrowest.digest());
        assertTrue(feature.last().get(2).name().isEmpty());
        assertEquals(0, gateway.reports.size());
    }

    @Test
    void keepsWhatIsWantedOverARestartAndTellsWhoeverComesLater() {
        Gateway gateway = new Gateway(state);
        wish(gateway, TOPIC, "{\"spec\":{\"n\":1}}");
        wish(gateway, "world/desired/feature/a.b~c d%2F", "{\"spec\":2}");
        Gateway after = new Gateway(state);
        ToldResource feature = ToldResource.at(after, "feature");
        assertEquals(
                List.of("world/desired/feature/a.b~c d%2F", TOPIC),
                feature.last().stream().map(Desired::topic).toList());
        assertEquals(Map.of("n", 1L), feature.last().get(1).spec());
    }

    @Test
    void keepsOneFileATopicWithThePayloadsVeryBytesBehindOneLine() throws IOException {
        Gateway gateway = new Gateway(state);
        wish(gateway, TOPIC, "{\"spec\": 1 }");
        wish(gateway, TOPIC, "{\"spec\": 2 }");
        List<Path> files = files();
        assertEquals(1, files.size());
        String text = Files.readString(files.get(0));
        assertEquals("{\"spec\": 2 }", text.substring(text.indexOf('\n') + 1));
        KeptWish kept = KeptWish.read(Files.readAllBytes(files.get(0)));
        assertArrayEquals(bytes("{\"spec\": 2 }"), kept.wish().orElseThrow().payload());
        assertEquals(
                Signer.OPERATOR.kid(), kept.wish().orElseThrow().signature().kid());
        assertEquals(Sha256.of(bytes("{\"spec\": 2 }")), kept.last().payload());
        assertEquals(
                "dwr%2F311%2F7%2Fdesired%2Ffeature%2Fmodbus",
                String.valueOf(files.get(0).getFileName()));
    }

    @Test
    void sameBytesAgainAreIgnored() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, TOPIC, "{\"spec\":1}");
        wish(gateway, TOPIC, "{\"spec\":1}");
        assertEquals(2, feature.told.size());
        wish(gateway, TOPIC, "{\"spec\": 1}");
        assertEquals(3, feature.told.size(), "other bytes are another payload");
    }

    @Test
    void onlyRemovedTakesAway() throws IOException {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, TOPIC, "{\"spec\":1}");
        wish(gateway, TOPIC, "");
        assertEquals(1, feature.last().size());
        assertEquals(2, feature.told.size());
        wish(gateway, TOPIC, "{\"removed\":true}");
        assertEquals(List.of(), feature.last());
        assertEquals(List.of(), ToldResource.at(new Gateway(state), "feature").last());
        wish(gateway, TOPIC, "{\"removed\":true}");
        assertEquals(3, feature.told.size(), "what was not there cannot go");
        wish(gateway, TOPIC, "{\"spec\":1}");
        assertEquals(1, feature.last().size(), "the same bytes as before it was removed are new");
        assertEquals(0, gateway.reports.size());
    }

    @Test
    void refusesIllFormedEnvelopeWithItsDigestAndKeepsWhatItHas() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, TOPIC, "{\"spec\":1}");
        Map<String, String> wrong = Map.of(
                "{\"sepc\":1}", "spec is missing",
                "{\"spec\":1,\"removed\":true}", "removed and spec",
                "{\"spec\":1,\"rollout\":{\"percent\":101}}", "rollout.percent",
                "{\"spec\":1,\"rollout\":7}", "rollout must be an object",
                "no json", "payload is not",
                "{\"removed\":\"yes\"}", "removed must be true or false");
        wrong.forEach((payload, named) -> {
            wish(gateway, TOPIC, payload);
            Gateway.Said report = gateway.reports.remove();
            assertEquals("feature", report.name());
            assertEquals("refused", report.members().string("state"));
            assertEquals(
                    Map.of(TOPIC, Sha256.of(bytes(payload)).hex()),
                    report.members().object("desired").values());
            String detail = report.members().object("problem").string("detail");
            assertTrue(detail.contains(named) && detail.contains(TOPIC), detail);
        });
        assertEquals(2, feature.told.size());
        assertEquals(1L, feature.last().get(0).spec());
    }

    @Test
    void deviceThatDoesNotTakePartKeepsWhatItHas() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, TOPIC, "{\"spec\":1}");
        wish(gateway, TOPIC, "{\"spec\":2,\"rollout\":{\"percent\":0,\"salt\":\"r\"}}");
        wish(gateway, TOPIC, "{\"removed\":true,\"rollout\":{\"percent\":0}}");
        assertEquals(1L, feature.last().get(0).spec());
        wish(gateway, TOPIC, "{\"spec\":2,\"rollout\":{\"percent\":100,\"salt\":\"r\"}}");
        assertEquals(2L, feature.last().get(0).spec());
        assertEquals(0, gateway.reports.size());
    }

    @Test
    void failingResourceStopsNobody() {
        Gateway gateway = new Gateway(state);
        gateway.dispatcher.addResource(
                all -> {
                    throw new IllegalStateException("a bad resource");
                },
                Map.of("gatehouse.resource", "feature"));
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, TOPIC, "{\"spec\":1}");
        assertEquals(1, feature.last().size());
    }

    @Test
    void resourceThatWentIsToldNoMore() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        gateway.dispatcher.removeResource(feature);
        wish(gateway, TOPIC, "{\"spec\":1}");
        assertEquals(1, feature.told.size());
    }

    @Test
    void whatIsWantedOfAnotherPlaceWaitsForTheDeviceToComeBack() {
        Gateway gateway = new Gateway(state);
        wish(gateway, "world/asia/desired/feature/x", "{\"spec\":1}");
        Gateway elsewhere = new Gateway(state, Gateway.D, "world/europe");
        assertEquals(List.of(), ToldResource.at(elsewhere, "feature").last());
        assertEquals(1, ToldResource.at(new Gateway(state), "feature").last().size());
    }

    @Test
    void fileThatIsNoneOfOursHindersNothing() throws IOException {
        Gateway gateway = new Gateway(state);
        wish(gateway, TOPIC, "{\"spec\":1}");
        Path folder = state.resolve("desired");
        Files.createDirectories(folder.resolve("lost+found"));
        Files.writeString(folder.resolve("%zz"), "{}");
        Files.writeString(folder.resolve("README"), "");
        Files.writeString(folder.resolve(".new"), "half of some");
        Gateway after = new Gateway(state);
        assertEquals(1, ToldResource.at(after, "feature").last().size());
        assertFalse(Files.exists(folder.resolve(".new")));
        assertEquals(0, after.events.size());
        assertEquals(0, after.alarms());
    }

    @Test
    void refusesTopicThatNoFileCanBeNamedAfter() {
        Gateway gateway = new Gateway(state);
        wish(gateway, "dwr/311/7/desired/configuration/" + "p".repeat(250), "{\"spec\":1}");
        Gateway.Said report = gateway.reports.remove();
        assertEquals("refused", report.members().string("state"));
        assertEquals("topic-too-long", report.members().object("problem").string("type"));
        assertEquals(0, gateway.alarms(), "to try it again would be in vain");
    }

    @Test
    void refusesPayloadOfMoreThan256KiBUnread() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        String frame = "{\"spec\":\"\"}";
        String most = "{\"spec\":\"" + "x".repeat(262_144 - frame.length()) + "\"}";
        wish(gateway, TOPIC, most);
        assertEquals(0, gateway.reports.size());
        wish(gateway, TOPIC, most + "}"); // were it read, it would be found to be no JSON
        assertEquals(0, gateway.reports.size());
        Members event = gateway.event().members();
        assertEquals("too-large", event.string("type"));
        String detail = event.string("detail");
        assertTrue(detail.contains(TOPIC) && detail.contains("262145") && detail.contains("262144"), detail);
    }

    @Test
    void resourceThatMayNotBeANameIsASecurityFinding() throws InterruptedException {
        Gateway gateway = new Gateway(state);
        wish(gateway, "dwr/311/7/desired/a b", "{\"spec\":1}");
        assertEquals("ill-named-resource", gateway.event().members().string("type"));
        assertEquals(0, gateway.reports.size());
    }

    @Test
    void interruptedKeepingIsDeliveredAgain() {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        Message message = gateway.signed(Message.json(TOPIC, bytes("{\"spec\":1}")));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> gateway.dispatcher.receive(message));
        assertFalse(Thread.interrupted());
        gateway.receive(message);
        assertEquals(1, feature.last().size());
    }

    private static void wish(Gateway gateway, String topic, String payload) {
        gateway.receive(Message.json(topic, bytes(payload)).retained());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(state.resolve("desired"))) {
            return files.filter(file -> !file.endsWith("dwr%2Fdesired%2Ftrust")).toList();
        }
    }
}
