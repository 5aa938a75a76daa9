package io.gatehouse.acceptance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transport promises, against each kind of broker. */
@SuppressWarnings("try") // a peer that only has to be there
@ParameterizedClass(name = "{0}")
@EnumSource(TransportTest.Kind.class)
class TransportTest {
    enum Kind {
        MOSQUITTO,
        ARTEMIS
    }

    private static BrokerProcess broker;

    private final Kind kind;
    private String name;

    TransportTest(Kind kind) {
        this.kind = kind;
    }

    @BeforeParameterizedClassInvocation
    static void start(Kind kind) throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
        Path directory =
                Files.createTempDirectory(Path.of("target"), kind.name().toLowerCase() + "-");
        if (kind == Kind.MOSQUITTO) {
            Mosquitto.assumeInstalled();
            broker = Mosquitto.persistent(directory.toAbsolutePath());
        } else {
            broker = new Artemis(directory.toAbsolutePath());
        }
        broker.start();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @BeforeEach
    void name(TestInfo info) {
        name = info.getTestMethod().orElseThrow().getName()
                + Math.abs(info.getDisplayName().hashCode());
    }

    @Test
    void acknowledgesEachMessageOnceAndKeepsTheirOrder() {
        try (Peer device = connect("device");
                Peer fleet = connect("fleet", name + "/up")) {
            device.publishNumbers(name + "/up", 1, 500);
            awaitAcknowledged(device, 500);
            await().until(() -> fleet.endpoint().received().size() == 500);
            assertEquals(numbers(1, 500), fleet.endpoint().texts());
            assertEquals(List.of(), device.outgoing().violations());
            assertTrue(
                    device.outgoing().mostUnderway() <= 101,
                    "in flight: " + device.outgoing().mostUnderway());
        }
    }

    @Test
    void carriesEveryPropertyBothWays() {
        Message all = new Message(
                name + "/cmd/ping",
                new byte[] {0, 1, (byte) 0xFF},
                Message.BYTES,
                false,
                new Message.Exchange(Optional.of("reply/" + name), Optional.of(new byte[] {7, 0, (byte) 0x80})),
                Optional.of(Duration.ofSeconds(90)),
                UserProperties.none()
                        .and("device", "dwr/311-a1/ä-€-😀")
                        .and("jws", "one")
                        .and("jws", "two"));
        try (Peer device = connect("device", name + "/#");
                Peer fleet = connect("fleet")) {
            fleet.outgoing().put(all);
            await().until(() -> device.endpoint().received().size() == 1);
            Message got = device.endpoint().received().get(0);
            assertEquals(all.topic(), got.topic());
            assertArrayEquals(all.payload(), got.payload());
            assertEquals(all.contentType(), got.contentType());
            assertEquals(all.responseTopic(), got.responseTopic());
            assertArrayEquals(all.correlation().orElseThrow(), got.correlation().orElseThrow());
            assertEquals(all.properties(), got.properties());
            assertTrue(got.expiry().orElseThrow().toSeconds() > 80, "expiry " + got.expiry());
        }
    }

    @Test
    void keepsWhatComesWhileNobodyIsThere() {
        RecordingEndpoint endpoint = new RecordingEndpoint(name, name + "/down");
        Peer.connect(broker.uri(), endpoint).close();
        try (Peer fleet = connect("fleet")) {
            fleet.publishNumbers(name + "/down", 1, 50);
            awaitAcknowledged(fleet, 50);
        }
        try (Peer device = Peer.connect(broker.uri(), endpoint)) {
            await().until(() -> endpoint.received().size() == 50);
            assertEquals(numbers(1, 50), endpoint.texts());
            assertEquals(List.of(), endpoint.troubles());
        }
    }

    @Test
    void sendsAgainWhatAKilledProcessHadNotReceived() throws Exception {
        try (Peer fleet = connect("fleet");
                Child drowsy = drowsy()) {
            fleet.publishNumbers(name + "/down", 1, 3);
            drowsy.awaitLine("taking 1"::equals, Duration.ofSeconds(10));
            drowsy.kill();
            RecordingEndpoint next = new RecordingEndpoint(name, name + "/down");
            try (Peer device = Peer.connect(broker.uri(), next)) {
                await().until(() -> next.received().size() == 3);
                assertEquals(numbers(1, 3), next.texts());
            }
        }
    }

    @Test
    void hidesThatItWasAwayWhenItIsBackWithinTheWillDelay() {
        RecordingEndpoint endpoint = new RecordingEndpoint(name)
                .announcing(Peer.text(name + "/status", "online"), Peer.text(name + "/status", "offline"));
        try (Peer fleet = connect("fleet", name + "/status")) {
            Peer.connect(broker.uri(), endpoint).close();
            try (Peer device = Peer.connect(broker.uri(), endpoint)) {
                await().until(() -> fleet.endpoint().received().size() == 2);
                await().during(Duration.ofMillis(3500))
                        .until(() -> fleet.endpoint().texts().equals(List.of("online", "online")));
            }
        }
    }

    @Test
    void showsThatItLeftWhenTheWillDelayIsOver() {
        RecordingEndpoint endpoint = new RecordingEndpoint(name)
                .announcing(Peer.text(name + "/status", "online"), Peer.text(name + "/status", "offline"));
        try (Peer fleet = connect("fleet", name + "/status")) {
            Peer.connect(broker.uri(), endpoint).close();
            long left = System.nanoTime();
            await().until(() -> fleet.endpoint().texts().equals(List.of("online", "offline")));
            long after = Duration.ofNanos(System.nanoTime() - left).toMillis();
            assertTrue(after >= 900, "the will came after " + after + " ms");
        }
    }

    @Test
    void showsThatAProcessWasKilled() throws Exception {
        try (Peer fleet = connect("fleet", name + "/status");
                Child drowsy = drowsy()) {
            await().until(() -> fleet.endpoint().texts().equals(List.of("online")));
            drowsy.kill();
            await().until(() -> fleet.endpoint().texts().equals(List.of("online", "offline")));
        }
    }

    @Test
    void losesNothingWhenTheBrokerIsKilledAndComesBack() throws Exception {
        try (Peer device = connect("device");
                Peer fleet = connect("fleet", name + "/up")) {
            device.publishNumbers(name + "/up", 1, 300);
            await().until(() -> device.outgoing().acknowledged() > 100);
            broker.kill();
            await().until(() -> !device.endpoint().troubles().isEmpty()
                    && !fleet.endpoint().troubles().isEmpty());
            await().until(() -> device.outgoing().underway() == 0);
            broker.start();
            await().until(() ->
                    device.endpoint().connections() == 2 && fleet.endpoint().connections() == 2);
            device.publishNumbers(name + "/up", 301, 1000);
            awaitAcknowledged(device, 1000);
            assertEquals(List.of(), device.outgoing().violations());
            // Mosquitto acknowledges before it saves: what was acknowledged just before the kill may be gone there.
            int sure = kind == Kind.ARTEMIS ? 1 : 301;
            await().until(() -> new HashSet<>(fleet.endpoint().texts()).containsAll(numbers(sure, 1000)));
        }
    }

    @Test
    void subscribesAnewWhenTheBrokerForgotTheSession() throws Exception {
        try (Peer device = connect("device", name + "/down");
                Peer fleet = connect("fleet")) {
            broker.kill();
            broker.forget();
            broker.start();
            await().until(() -> device.endpoint().connections() == 2);
            fleet.publish(name + "/down", "are you there?");
            await().until(() -> device.endpoint().texts().equals(List.of("are you there?")));
        }
    }

    @Test
    void waitsForABrokerThatStandsStill() throws Exception {
        try (Peer device = connect("device")) {
            broker.pause();
            device.publishNumbers(name + "/up", 1, 500);
            await().until(() -> device.outgoing().underway() >= 20);
            broker.resume();
            awaitAcknowledged(device, 500);
            assertEquals(1, device.endpoint().connections());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void receivesAllHoweverFewMayBeOnTheirWay(int receiveMaximum) {
        RecordingEndpoint endpoint = new RecordingEndpoint(name, name + "/down");
        try (Peer device = Peer.open(broker.uri(), endpoint, receiveMaximum);
                Peer fleet = connect("fleet")) {
            await().until(() -> endpoint.connections() == 1);
            fleet.publishNumbers(name + "/down", 1, 100);
            await().until(() -> endpoint.received().size() == 100);
            assertEquals(numbers(1, 100), endpoint.texts());
        }
    }

    @Test
    void goesOnSendingWhileAReceiverIsSlow() {
        CountDownLatch awake = new CountDownLatch(1);
        RecordingEndpoint endpoint = new RecordingEndpoint(name, name + "/down").taking(message -> awake.await());
        try (Peer device = Peer.connect(broker.uri(), endpoint);
                Peer fleet = connect("fleet")) {
            fleet.publishNumbers(name + "/down", 1, 100);
            awaitAcknowledged(fleet, 100);
            device.publishNumbers(name + "/up", 1, 200);
            awaitAcknowledged(device, 200);
            assertEquals(List.of(), endpoint.received());
            awake.countDown();
            await().until(() -> endpoint.received().size() == 100);
        }
    }

    @Test
    void carriesChunksOf64KiB() {
        byte[] chunk = new byte[65_536];
        new Random(1).nextBytes(chunk);
        try (Peer device = connect("device", name + "/data");
                Peer fleet = connect("fleet")) {
            for (int i = 0; i < 64; i++) {
                fleet.outgoing()
                        .put(Message.bytes(name + "/data", chunk).with("offset", String.valueOf(i * chunk.length)));
            }
            await().until(() -> device.endpoint().received().size() == 64);
            for (Message got : device.endpoint().received()) {
                assertArrayEquals(chunk, got.payload());
            }
        }
    }

    @Test
    void bringsWhatIsRetainedWithItsFirstConnectionAlsoInAKeptSession() {
        RecordingEndpoint endpoint = new RecordingEndpoint(name, name + "/desired/#");
        try (Peer fleet = connect("fleet")) {
            fleet.outgoing()
                    .put(Peer.text(name + "/desired/feature/a", "retained").retained());
            awaitAcknowledged(fleet, 1);
            try (Peer device = Peer.connect(broker.uri(), endpoint)) {
                await().until(() -> endpoint.texts().equals(List.of("retained")));
            }
            try (Peer device = Peer.connect(broker.uri(), endpoint)) {
                fleet.publish(name + "/desired/feature/b", "live");
                await().until(() -> endpoint.received().size() >= 3);
                assertEquals(List.of("retained", "retained", "live"), endpoint.texts());
            }
        }
    }

    private Peer connect(String who, String... filters) {
        return Peer.connect(broker.uri(), new RecordingEndpoint(who + "-" + name, filters));
    }

    /** In a process of its own, under the test's name; it never comes to an end with its first message. */
    private Child drowsy() throws Exception {
        Child drowsy = Child.java(
                Drowsy.class.getName(), List.of(broker.uri().toString(), name, name + "/down", name + "/status"));
        drowsy.awaitLine("connected"::equals, Duration.ofSeconds(10));
        return drowsy;
    }

    private static void awaitAcknowledged(Peer peer, int number) {
        await().until(() -> peer.outgoing().acknowledged() == number);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }
}
