package io.gatehouse.acceptance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What a transport does where a broker, or what is between, allows little, answers badly or breaks off. */
class HostileBrokerTest {
    @TempDir
    private static Path directory;

    private static BrokerProcess broker;

    private HostileProxy proxy;
    private String name;

    @BeforeAll
    static void start() throws IOException {
        Mosquitto.assumeInstalled();
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
        broker = new Mosquitto(directory, "user root", "max_inflight_messages 0");
        broker.start();
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @BeforeEach
    void stand(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        proxy = new HostileProxy(broker.uri());
    }

    @AfterEach
    void goAway() {
        proxy.close();
    }

    @ConcurrentTest
    void keepsToAReceiveMaximumOf2() {
        proxy.granting(2, 0).delaying(Duration.ofMillis(5));
        try (Peer device = connect("device");
                Peer fleet = fleet("/up")) {
            device.publishNumbers(name + "/up", 1, 100);
            awaitAcknowledged(device, 100);
            await().until(() -> fleet.endpoint().received().size() == 100);
            assertEquals(numbers(1, 100), fleet.endpoint().texts());
            assertEquals(2, proxy.traffic().mostFromClient());
            assertUndisturbed(device);
        }
    }

    @ConcurrentTest
    void dropsWhatDoesNotFitInto256BytesAndSaysSoAndGoesOn() {
        proxy.granting(0, 256);
        try (Said said = Said.by("io.gatehouse.transport.mqtt");
                Peer device = connect("device");
                Peer fleet = fleet("/up")) {
            for (String text : List.of("before", "x".repeat(300), "between", "y".repeat(100_000), "after")) {
                device.publish(name + "/up", text);
            }
            awaitAcknowledged(device, 3);
            assertEquals(2, device.outgoing().refused());
            await().until(() -> fleet.endpoint().texts().equals(List.of("before", "between", "after")));
            assertUndisturbed(device);
            List<String> lines =
                    said.lines().stream().filter(line -> line.contains(name)).toList();
            assertEquals(1, lines.size(), lines.toString());
            assertTrue(lines.get(0).contains("256"), lines.get(0));
        }
    }

    @ConcurrentTest
    void sendsAPacketOfExactlyTheSizeThatIsAllowed() {
        proxy.granting(0, 4096);
        try (Peer device = connect("device");
                Peer fleet = fleet("/up")) {
            for (int size = 3900; size <= 4096; size++) {
                device.publish(name + "/up", "x".repeat(size));
            }
            device.publish(name + "/up", "last");
            await().until(() -> fleet.endpoint().texts().contains("last"));
            int most = fleet.endpoint().texts().stream()
                    .mapToInt(String::length)
                    .max()
                    .orElseThrow();
            // Beside it are: header 3, topic 2 + its length, id 2, length of properties 1, payload format 2, content
            // type 19.
            assertEquals(4096 - 29 - (name + "/up").length(), most);
            assertUndisturbed(device);
        }
    }

    @ConcurrentTest
    void sendsAgainWhatALostAcknowledgementWasFor() {
        proxy.droppingAcknowledgement(7);
        try (Peer device = connect("device");
                Peer fleet = fleet("/up")) {
            device.publishNumbers(name + "/up", 1, 100);
            await().until(() -> proxy.traffic().acknowledgementsLost() == 14);
            assertTrue(device.outgoing().acknowledged() <= 86);
            proxy.droppingAcknowledgement(0).cut();
            awaitAcknowledged(device, 100);
            assertEquals(numbers(1, 100), distinct(fleet));
            assertEquals(List.of(), device.outgoing().violations());
        }
    }

    /** Otherwise what is lost at each of its places would fill the broker's small window, and then nothing would leave any more. */
    @ConcurrentTest
    void doesNotWaitForEverForAnAcknowledgement() {
        proxy.granting(2, 0).droppingAcknowledgement(2);
        RecordingEndpoint endpoint = new RecordingEndpoint("device-" + name);
        try (Peer device = Peer.connectAlert(proxy.uri(), endpoint, Duration.ofSeconds(1));
                Peer fleet = fleet("/up")) {
            device.publishNumbers(name + "/up", 1, 10);
            await().until(() -> proxy.traffic().acknowledgementsLost() == 2);
            proxy.droppingAcknowledgement(0);
            awaitAcknowledged(device, 10);
            assertEquals(numbers(1, 10), distinct(fleet));
        }
    }

    @ConcurrentTest
    void takesADoubledAcknowledgementForOne() {
        proxy.granting(4, 0).doublingAcknowledgements();
        try (Peer device = connect("device");
                Peer fleet = fleet("/up")) {
            device.publishNumbers(name + "/up", 1, 300);
            awaitAcknowledged(device, 300);
            await().until(() -> fleet.endpoint().received().size() == 300);
            assertEquals(numbers(1, 300), fleet.endpoint().texts());
            assertUndisturbed(device);
        }
    }

    @ConcurrentTest
    void waitsForOneAnswerNotForEach() {
        proxy.delaying(Duration.ofMillis(200));
        try (Peer device = connect("device");
                Peer fleet = fleet("/up")) {
            assertTimeout(Duration.ofSeconds(10), () -> {
                device.publishNumbers(name + "/up", 1, 400);
                awaitAcknowledged(device, 400);
            });
            await().until(() -> fleet.endpoint().received().size() == 400);
            assertUndisturbed(device);
        }
    }

    @ConcurrentTest
    void sendsAgainWhatWasCutInTheMiddle() {
        proxy.cuttingInsideFromClient(2);
        try (Peer device = connect("device");
                Peer fleet = fleet("/up")) {
            device.publishNumbers(name + "/up", 1, 200);
            awaitAcknowledged(device, 200);
            await().until(() -> distinct(fleet).equals(numbers(1, 200)));
            assertEquals(3, proxy.connections());
            assertEquals(List.of(), device.outgoing().violations());
        }
    }

    @ConcurrentTest
    void receivesAgainWhatWasCutInTheMiddle() {
        try (Peer device = connect("device", name + "/down");
                Peer fleet = fleet()) {
            proxy.cuttingInsideToClient(2);
            fleet.publishNumbers(name + "/down", 1, 200);
            await().until(() -> distinct(device).equals(numbers(1, 200)));
            assertEquals(3, proxy.connections());
        }
    }

    @ConcurrentTest
    void noticesALineThatSwallowsEverything() {
        RecordingEndpoint endpoint = new RecordingEndpoint("device-" + name, name + "/down");
        try (Peer device = Peer.connectAlert(proxy.uri(), endpoint, Duration.ofSeconds(1));
                Peer fleet = fleet("/up")) {
            proxy.swallow();
            device.publishNumbers(name + "/up", 1, 50);
            fleet.publishNumbers(name + "/down", 1, 10);
            await().until(() -> endpoint.connections() == 2);
            awaitAcknowledged(device, 50);
            await().until(() -> distinct(device).equals(numbers(1, 10)));
            assertEquals(numbers(1, 50), distinct(fleet));
        }
    }

    @ConcurrentTest
    void outlastsALineThatStandsStill() {
        try (Peer device = connect("device", name + "/down");
                Peer fleet = fleet("/up")) {
            proxy.freeze();
            device.publishNumbers(name + "/up", 1, 1000);
            fleet.publishNumbers(name + "/down", 1, 100);
            awaitAcknowledged(fleet, 100);
            await().until(() -> device.outgoing().underway() >= 100);
            proxy.thaw();
            awaitAcknowledged(device, 1000);
            await().until(() -> device.endpoint().received().size() == 100);
            await().until(() -> fleet.endpoint().received().size() == 1000);
            assertUndisturbed(device);
        }
    }

    @ConcurrentTest
    void closesWhileABrokerDoesNotAnswer() {
        proxy.mute(true);
        Peer device = Peer.open(proxy.uri(), new RecordingEndpoint("device-" + name), 10);
        await().until(() -> proxy.connections() == 1);
        assertTimeout(Duration.ofSeconds(3), device::close);
        assertEquals(0, device.endpoint().connections());
    }

    @ConcurrentTest
    void closesWhileALineStandsStill() {
        Peer device = connect("device");
        proxy.freeze();
        device.publish(name + "/up", "z".repeat(10_000_000));
        await().until(() -> device.outgoing().underway() == 1);
        assertTimeout(Duration.ofSeconds(4), device::close);
        await().until(() -> device.outgoing().returned() == 1);
    }

    private Peer connect(String who, String... filters) {
        return Peer.connect(proxy.uri(), new RecordingEndpoint(who + "-" + name, filters));
    }

    /** Directly at the broker. */
    private Peer fleet(String... below) {
        String[] filters =
                java.util.Arrays.stream(below).map(topic -> name + topic).toArray(String[]::new);
        return Peer.connect(broker.uri(), new RecordingEndpoint("fleet-" + name, filters));
    }

    private void assertUndisturbed(Peer device) {
        assertEquals(List.of(), proxy.violations());
        assertEquals(List.of(), device.endpoint().troubles());
        assertEquals(List.of(), device.outgoing().violations());
        assertEquals(1, device.endpoint().connections());
        assertFalse(proxy.connections() > 1, "connected " + proxy.connections() + " times");
    }

    private static void awaitAcknowledged(Peer peer, int number) {
        await().until(() -> peer.outgoing().acknowledged() == number);
    }

    /** What arrived, each once, in the order in which it arrived first. */
    private static List<String> distinct(Peer peer) {
        return List.copyOf(new LinkedHashSet<>(peer.endpoint().texts()));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }
}
