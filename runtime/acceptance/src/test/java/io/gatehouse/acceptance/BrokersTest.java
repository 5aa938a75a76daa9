package io.gatehouse.acceptance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckRestrictions;
import io.gatehouse.acceptance.Findings.Check;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One story of a gateway's life, told at each broker. Where brokers differ a test says what it found, and holds the gateway to
 * what it promises all the same; what is found is held against {@code docs/brokers.md}. {@code -Dbrokers.write=true} writes
 * that anew.
 */
class BrokersTest {
    static final Path PAGE = Path.of("../../docs/brokers.md");
    private static final Findings FINDINGS = new Findings();

    /** By the broker's name: one story does not wait for another. */
    private static final Map<String, Story> STORIES = new ConcurrentHashMap<>();

    @TempDir
    private static Path directory;

    /**
     * Says nothing where not all of it was told: without mosquitto, at a broker that was named, or one test alone; and nothing
     * where the mosquitto of this machine is another, which is not ours to choose.
     */
    @AfterAll
    static void thePageSaysWhatWasFound() throws Exception {
        List<String> brokers = Subject.all().stream().map(Subject::name).toList();
        String found = FINDINGS.page(brokers);
        Files.writeString(Path.of("target/brokers.md"), found);
        if (!Subject.areAll() || !FINDINGS.isComplete(brokers)) {
            return;
        }
        if (Boolean.getBoolean("brokers.write")) {
            Files.writeString(PAGE, found);
        }
        String page = Files.readString(PAGE);
        if (page.contains("| " + brokers.get(0) + " |")) {
            assertEquals(page, found);
        }
    }

    @Nested
    @ParameterizedClass(name = "{0}")
    @MethodSource("io.gatehouse.acceptance.Subject#all")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    @Execution(ExecutionMode.CONCURRENT)
    class AtEach {
        private static final Duration LONG = Duration.ofSeconds(60);
        private static final Duration LONGER = Duration.ofSeconds(600);
        private static final Duration SHORT = Duration.ofSeconds(1);
        private static final int GATEWAYS_RECEIVE_MAXIMUM = 32;
        private static final int CROWD = 10;
        /** A test that comes after the one before, in the same story. */
        @Test
        @Execution(ExecutionMode.SAME_THREAD)
        @Retention(RetentionPolicy.RUNTIME)
        private @interface Step {}

        private final Subject subject;
        private final Story story;
        private final Operator operator;
        private final String device;

        AtEach(Subject subject) {
            this.subject = subject;
            this.story = STORIES.get(subject.name());
            this.operator = story.operator();
            this.device = story.device();
        }

        @BeforeParameterizedClassInvocation
        static void begin(Subject subject) throws IOException {
            Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
            Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
            Story story = Story.at(subject, Files.createTempDirectory(directory, "story"));
            STORIES.put(subject.name(), story);
            story.awaitOnline(0);
        }

        @AfterParameterizedClassInvocation
        static void end(Subject subject) throws IOException {
            Story story = STORIES.remove(subject.name());
            if (story != null) {
                String said = story.own().map(BrokerProcess::output).orElse("");
                Files.writeString(
                        Path.of("target", "said by " + subject.name().replaceAll("\\W+", " ") + ".log"), said);
                story.close();
            }
        }

        @Step
        @Order(1)
        void saysWhatItAllows() {
            Mqtt5ConnAckRestrictions limits = story.probe().limits();
            found(Check.RECEIVE_MAXIMUM, limits.getReceiveMaximum());
            found(Check.PACKET_SIZE, limits.getMaximumPacketSize());
            found(Check.ALIASES, limits.getTopicAliasMaximum());
            found(Check.SHARED, limits.isSharedSubscriptionAvailable() ? "yes" : "no");
        }

        @Step
        @Order(2)
        void bringsStatusAndObservations() throws InterruptedException {
            byte[] retained = story.probe().retained(device + "/status").orElse(new byte[0]);
            found(
                    Check.STATUS,
                    isOnline(retained),
                    "a new subscriber is not told, and has to wait for the next status");
            for (String topic : List.of("/hardware/loadavg", "/hardware/memory")) {
                operator.await(topic, heard -> heard.topic().equals(device + topic));
            }
            story.awaitNoGap(Instant.EPOCH);
            yes(Check.OBSERVATIONS);
        }

        @Step
        @Order(3)
        void bringsFeatures() {
            int mark = operator.mark();
            assertApplied(story.desire("rain", story.rain("1.0.0")));
            story.awaitRain(mark, "1.0.0");
        }

        @Step
        @Order(4)
        void bringsCommandsAndReplies() {
            String ping = story.ping(LONG);
            await().until(() -> !operator.ends(ping).isEmpty());
            Operator.Heard end = operator.ends(ping).get(0);
            assertArrayEquals(ping.getBytes(StandardCharsets.UTF_8), end.correlation());
            story.awaitPing();
            assertEquals(List.of(1), story.ends(List.of(ping)));
            yes(Check.COMMAND);
        }

        @Step
        @Order(5)
        void hidesThatTheTransportIsReplaced() {
            int mark = operator.mark();
            Path other = story.bundles()
                    .altered(FeaturesTest.shipped("io.gatehouse.transport.mqtt"), Map.of("Bundle-Version", "99.0.0"));
            List<String> pings = new ArrayList<>(List.of(story.ping(LONG)));
            assertApplied(story.desire("rain", story.rain("2.0.0", other)));
            pings.add(story.ping(LONG));
            story.awaitRain(mark, "2.0.0");
            yes(Check.FEATURE);
            await().until(() -> story.ends(pings).equals(List.of(1, 1)));
            found(
                    Check.REPLACED,
                    story.isNotSeenLeaving(mark),
                    "it says `offline` although the gateway is back within the Will Delay");
            story.awaitNoGap(Instant.EPOCH);
        }

        @Step
        @Order(6)
        void allowsSoManyAtATime() {
            story.proxy().freeze();
            List<String> pings = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                pings.add(story.ping(LONG));
            }
            story.proxy().thaw();
            await().until(() -> story.ends(pings).stream().allMatch(count -> count == 1));
            assertEquals(List.of(), story.proxy().violations());
            yes(Check.WINDOW_UP);
            int most = story.proxy().traffic().mostToClient();
            found(
                    Check.WINDOW_DOWN,
                    most <= GATEWAYS_RECEIVE_MAXIMUM,
                    "it sends more at a time than the gateway's " + GATEWAYS_RECEIVE_MAXIMUM
                            + ", which takes them all");
        }

        @Step
        @Order(7)
        void isGoodToSmallClientsAndTakesGoodByes() throws InterruptedException {
            found(
                    Check.SPARES,
                    story.probe().sparesLargePackets(),
                    "it sends what is larger; a gateway reads past what has more than 320 KiB");
            found(
                    Check.SESSION_PLAIN,
                    story.probe().keepsSessions(),
                    "the session is gone; a gateway leaves with Disconnect with Will, which keeps it");
            int connections = story.proxy().connections();
            operator.offer(device + "/cmd/ping", new byte[1_500_000]);
            story.awaitPing();
            found(
                    Check.LARGE,
                    story.proxy().connections() == connections,
                    "the connection is lost by it, and the gateway is back at once");
        }

        @Step
        @Order(8)
        void keepsTheSessionOfAGatewayThatWasKilled() {
            int mark = operator.mark();
            story.cutGateway();
            Instant begun = Instant.now();
            String shortLived = story.ping(SHORT);
            String longLived = story.ping(LONGER);
            found(Check.WILL, story.isSeenLeaving(mark), "nobody is told that the gateway is gone");
            // Brokers count in whole seconds.
            await().until(() -> Instant.now().isAfter(begun.plus(SHORT).plusSeconds(2)));
            story.gateway().startAgain();
            story.awaitOnline(mark);
            story.awaitPing();
            boolean kept = story.isAnswered(longLived);
            found(Check.SESSION_KILL, kept, "the session is gone with the connection, and the command with it");
            found(
                    Check.EXPIRED,
                    operator.ends(shortLived).isEmpty(),
                    "it brings the command as if it were of use, and the gateway cannot know");
            found(Check.EXPIRY, expiry());
        }

        /** Only what was sent for longer than usual is looked at. */
        private String expiry() {
            LongSummaryStatistics seconds = story.proxy().traffic().expiries(device + "/cmd/ping").stream()
                    .mapToLong(Long::longValue)
                    .filter(value -> value > LONG.toSeconds())
                    .summaryStatistics();
            if (seconds.getCount() == 0) {
                return "it is taken away";
            }
            if (seconds.getMax() > LONGER.toSeconds()) {
                return "it grows: below zero it begins again at the greatest number";
            }
            return seconds.getMax() < LONGER.toSeconds() ? "yes" : "it stays as it was sent";
        }

        @Step
        @Order(9)
        void keepsTheSessionOfAGatewayThatStopped() {
            int mark = operator.mark();
            story.gateway().stop();
            String ping = story.ping(LONG);
            found(
                    Check.LEFT,
                    story.isSeenLeaving(mark),
                    "it takes this for a good-bye like any other, and the retained status goes on saying `online`");
            story.gateway().startAgain();
            story.awaitOnline(mark);
            story.awaitPing();
            found(
                    Check.SESSION_LEFT,
                    story.isAnswered(ping),
                    "the session is gone with a DISCONNECT, and the command with it; what is desired is retained and comes again");
            story.awaitNoGap(Instant.EPOCH);
        }

        @Step
        @Order(10)
        void isKilledAndComesBack() throws Exception {
            if (story.own().isEmpty()) {
                List.of(Check.BROKER_KILL, Check.SESSION_BROKER).forEach(check -> found(check, Findings.NOT_TRIED));
                return;
            }
            story.proxy().refuse(true);
            story.proxy().cut();
            int refused = story.proxy().refused();
            await().until(() -> story.proxy().refused() > refused);
            String ping = story.ping(LONG);
            assertTrue(operator.hears());
            BrokerProcess broker = story.own().get();
            broker.kill();
            Instant killed = Instant.now();
            broker.start();
            await().until(operator::hears);
            story.proxy().refuse(false);
            story.awaitObservedAfter(Instant.now());
            story.awaitNoGap(killed);
            story.awaitPing();
            yes(Check.BROKER_KILL);
            found(
                    Check.SESSION_BROKER,
                    story.isAnswered(ping),
                    "what it acknowledged is gone with it; who sent the command has to send it again");
        }

        @Step
        @Order(11)
        void bringsWhatIsDesiredAfterTheSessionWasLost() {
            int mark = operator.mark();
            story.cutGateway();
            story.probe().endSession(story.clientId());
            String digest = operator.desire(device, "rain", story.rain("3.0.0"));
            story.gateway().startAgain();
            assertApplied(operator.ended(device, device + "/desired/feature/rain", digest));
            story.awaitRain(mark, "3.0.0");
            yes(Check.LOST);
        }

        @Step
        @Order(12)
        void holdsTheSubscriptionsOfAllThatComeAtOnce() {
            String below = "crowd/" + device;
            List<Peer> crowd = new ArrayList<>();
            try {
                for (int i = 0; i < CROWD; i++) {
                    String mine = below + "/" + i;
                    crowd.add(Peer.open(
                            story.proxy().uri(),
                            new RecordingEndpoint("crowd-" + i + "-" + device.hashCode(), mine).withoutSession(),
                            GATEWAYS_RECEIVE_MAXIMUM));
                }
                await().until(() ->
                        crowd.stream().allMatch(peer -> peer.endpoint().connections() > 0));
                for (int i = 0; i < crowd.size(); i++) {
                    operator.publish(below + "/" + i, new byte[] {'x'}, false);
                }
                await().until(() ->
                        crowd.stream().allMatch(peer -> peer.endpoint().texts().contains("x")));
                yes(Check.CROWD);
            } finally {
                crowd.forEach(Peer::close);
            }
        }

        private void found(Check check, int number) {
            found(check, String.valueOf(number));
        }

        private void found(Check check, String finding) {
            System.out.println(subject + ", " + check + ": " + Objects.requireNonNull(finding));
            FINDINGS.put(subject.name(), check, finding);
        }

        private void found(Check check, boolean holds, String otherwise) {
            found(check, holds ? "yes" : otherwise);
        }

        private void yes(Check check) {
            found(check, "yes");
        }

        private static boolean isOnline(byte[] status) {
            return status.length > 0 && Json.read(status).string("state").equals("online");
        }

        private static void assertApplied(Members report) {
            assertEquals(
                    "applied", report.string("state"), () -> report.values().toString());
        }
    }
}
