package io.gatehouse.acceptance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway where the broker, or what is between, allows little, answers badly or breaks off. */
final class HostileGatewayTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Beside what it has when it is well: as much as its outbox may hold, twice, for what is being sent, and some. */
    private static final long MOST_GROWTH_KIB = 24 * 1024;

    private static final int VENDORS = 6;

    @TempDir
    private Path directory;

    @BeforeAll
    static void patience() {
        Mosquitto.assumeInstalled();
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    }

    private Story story(int receiveMaximum, int maximumPacketSize) throws IOException {
        Subject mosquitto = new Subject("mosquitto", Optional.of(Mosquitto::persistent));
        return Story.at(
                mosquitto,
                Files.createTempDirectory(directory, "hostile"),
                proxy -> proxy.granting(receiveMaximum, maximumPacketSize));
    }

    @ConcurrentTest
    void doesItsWorkThroughTwoMessagesOf4KiBAtATime() throws IOException {
        try (Story story = story(2, 4096)) {
            story.awaitOnline(0);
            int mark = story.operator().mark();
            story.operator().desire(story.device(), "rain", story.rain("1.0.0"));
            story.awaitRain(mark, "1.0.0");
            story.awaitPing();
            await().until(() -> story.gateway().log().contains(story.device() + "/reported/feature are dropped"));
            assertTrue(story.gateway().log().contains("4096"), story.gateway().log());
            story.awaitNoGap(Instant.EPOCH);
            assertEquals(List.of(), story.proxy().violations());
            // One, and one more because the feature configures the transport.
            assertEquals(2, story.proxy().connections());
        }
    }

    @ConcurrentTest
    void saysWhatDoesNotFitInto256BytesAndStays() throws IOException {
        try (Story story = story(2, 256)) {
            await().until(() -> story.gateway().log().contains("are dropped: "));
            await().until(() -> story.gateway().log().contains("more than the broker takes: 256"));
            story.operator().await("what fits", heard -> heard.topic().startsWith(story.device() + "/hardware/"));
            List<String> pings = List.of(story.ping(LONG), story.ping(LONG));
            await().until(() -> pings.stream()
                    .allMatch(ping -> !story.operator().ends(ping).isEmpty()
                            || story.gateway().log().contains(ping + " are dropped")));
            assertEquals(1, story.proxy().connections());
            assertEquals(List.of(), story.proxy().violations());
        }
    }

    @ConcurrentTest
    void losesNothingOnALineThatBreaksAndForgets() throws IOException {
        try (Story story = story(0, 0)) {
            story.awaitOnline(0);
            story.proxy().droppingAcknowledgement(5);
            List<String> pings = new ArrayList<>();
            int mark = story.operator().mark();
            String digest = story.operator().desire(story.device(), "rain", story.rain("1.0.0"));
            for (int cut = 0; cut < 3; cut++) {
                int connections = story.proxy().connections();
                pings.add(story.ping(LONG));
                story.proxy().cuttingInsideFromClient(1).cuttingInsideToClient(1);
                await().until(() -> story.proxy().connections() > connections);
                pings.add(story.ping(LONG));
            }
            await().until(() -> story.proxy().traffic().acknowledgementsLost() > 0);
            story.proxy().droppingAcknowledgement(0).cuttingInsideFromClient(0).cuttingInsideToClient(0);
            story.proxy().cut();
            story.awaitRain(mark, "1.0.0");
            story.operator().ended(story.device(), story.device() + "/desired/feature/rain", digest);
            await().until(() -> story.ends(pings).stream().allMatch(ends -> ends >= 1));
            story.awaitNoGap(Instant.EPOCH);
        }
    }

    @ConcurrentTest
    void showsByItsNumbersWhatABrokerAcknowledgedAndLostAndSendsItAgain() throws IOException {
        try (Story story = story(0, 0)) {
            story.awaitOnline(0);
            int mark = story.operator().mark();
            story.desire("rain", story.rain("1.0.0"));
            story.awaitRain(mark, "1.0.0");
            story.awaitNoGap(Instant.EPOCH);
            int connections = story.proxy().connections();
            story.proxy().losing(3);
            await().until(() -> story.proxy().traffic().lost().size() >= 4);
            story.proxy().losing(0);
            story.awaitObservedAfter(Instant.now());
            await().until(() -> story.gaps(Instant.EPOCH).values().stream()
                    .toList()
                    .equals(List.of(story.proxy().traffic().lost())));
            // To the gateway nothing is wrong.
            assertEquals(connections, story.proxy().connections());
            story.gaps(Instant.EPOCH).forEach((boot, missing) -> {
                Map<String, ?> span = Map.of("boot", boot, "from", missing.first(), "to", missing.last());
                Outcome outcome = story.operator().command(story.device(), "resend", span);
                assertTrue(outcome instanceof Outcome.Done, outcome::toString);
            });
            story.awaitNoGap(Instant.EPOCH);
        }
    }

    @ConcurrentTest
    void keepsItsMemoryAndItsConnectionWhenItIsSentTheLargestPacketThatThereIs() throws IOException {
        try (Story story = story(0, 0)) {
            story.awaitOnline(0);
            story.awaitPing();
            long pid = story.gateway().java().pid();
            long before = Vitals.peakKib(pid);
            story.proxy().sendingTheLargest(story.device() + "/desired/feature/huge");
            story.awaitPing();
            assertTrue(story.proxy().sentTheLargest());
            assertEquals(1, story.proxy().connections());
            assertTrue(
                    story.gateway().log().contains("268435460 bytes"),
                    story.gateway().log());
            long growth = Vitals.peakKib(pid) - before;
            assertTrue(growth < MOST_GROWTH_KIB / 2, () -> "grew by " + growth + " KiB");
        }
    }

    @ConcurrentTest
    void keepsItsMemoryWhileALineStandsStill() throws IOException {
        try (Story story = story(0, 0)) {
            story.awaitOnline(0);
            int mark = story.operator().mark();
            // Of several vendors, as none of them alone may say so much.
            Path[] floods = IntStream.range(0, VENDORS)
                    .mapToObj(vendor -> flood(story, vendor))
                    .toArray(Path[]::new);
            story.desire("flood", story.operator().feature("com.acme:flood:1", floods));
            story.operator().await("the flood", mark, heard -> isFlood(story, heard));
            long before = story.residentKib();
            String boot = story.operator()
                    .await("a flood", mark, heard -> isFlood(story, heard))
                    .properties()
                    .get("boot");
            story.proxy().freeze();
            // By then more was read than an outbox holds.
            await().during(Duration.ofSeconds(5)).until(() -> story.residentKib() - before < MOST_GROWTH_KIB);
            Instant thawed = Instant.now();
            story.proxy().thaw();
            story.awaitObservedAfter(thawed);
            story.awaitPing();
            assertEquals(
                    boot,
                    story.operator()
                            .await("a flood", mark, heard -> isFlood(story, heard))
                            .properties()
                            .get("boot"));
            assertFalse(
                    story.gateway().log().contains("OutOfMemory"),
                    story.gateway().log());
            // Without a gap, or with a count of what was let go.
            story.operator()
                    .await("what it says of it", heard -> heard.topic().equals(story.device() + "/event/outbox"));
        }
    }

    private static Path flood(Story story, int vendor) {
        return story.bundles().bundle("com.acme.flood" + vendor, "1.0.0", Map.of(), "Cflood", """
                @org.osgi.service.component.annotations.Component
                @io.gatehouse.api.telemetry.Publishes(topic = "example/flood%d", period = "PT0.1S")
                public class Cflood implements io.gatehouse.api.telemetry.Collector {
                    public io.gatehouse.api.telemetry.Reading read() {
                        return io.gatehouse.api.telemetry.Reading.of("much", "x".repeat(40_000));
                    }
                }
                """.formatted(vendor));
    }

    private static boolean isFlood(Story story, Operator.Heard heard) {
        return heard.topic().equals(story.device() + "/example/flood0");
    }
}
