package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with {@code examples/amqp} in place of MQTT, and an operator who speaks MQTT, at one Artemis. */
final class AmqpTransportTest {
    private static final String DEVICE = "dwr/311-a1/amqp";

    @TempDir
    static Path folder;

    private static Artemis broker;
    private static GatewayProcess gateway;
    private static Operator operator;
    private static Bundles bundles;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        broker = Artemis.speakingAmqp(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        operator = Operator.at(broker.uri());
        bundles = new Bundles(folder);
        Path image = VendorImage.with(
                JarPath.ofTests().jar("com.example.amqp"),
                "com.example.amqp",
                "io.gatehouse.transport.mqtt",
                folder.resolve("image"));
        gateway = GatewayProcess.start(image, Surroundings.USUAL, broker.amqp(), DEVICE, folder.resolve("state"));
        operator.await("online", heard -> heard.topic().equals(DEVICE + "/status"));
        // What is retained does not come by AMQP: it is published when the subscriptions are held.
        operator.publish(DEVICE + "/desired/trust", Fleet.trust(), true);
        operator.await("trust", heard -> heard.topic().equals(DEVICE + "/reported/trust"));
    }

    @AfterAll
    static void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    private static void assertPong() {
        Outcome outcome = operator.command(DEVICE, "ping", Map.of());
        assertInstanceOf(Outcome.Done.class, outcome, () -> outcome + "\n" + gateway.log());
    }

    @Test
    void whatTheDeviceObservesIsSeenByMqttWithItsProperties() {
        Operator.Heard load =
                operator.await("an observation", heard -> heard.topic().equals(DEVICE + "/hardware/loadavg"));
        assertTrue(load.body().has("at"));
        assertEquals(DEVICE, load.properties().get("device"));
        assertEquals(16, load.properties().get("boot").length());
        assertTrue(Long.parseLong(load.properties().get("seq")) > 0);
    }

    @Test
    void commandByMqttIsAnswered() {
        assertPong();
    }

    /** Has what publishes {@code example/rain} installed, by way of the broker. */
    private static void installRain(String name) {
        String digest =
                operator.desire(DEVICE, name, operator.feature("com.acme:rain:1", bundles.collector("rain", "1.0.0")));
        Members report = operator.ended(DEVICE, DEVICE + "/desired/feature/" + name, digest);
        assertEquals("applied", report.string("state"), () -> report.values() + "\n" + gateway.log());
    }

    @Test
    void bundleComesByWayOfTheBroker() {
        int mark = operator.mark();
        installRain("rain");
        operator.await("rain", mark, heard -> heard.topic().equals(DEVICE + "/example/rain"));
        operator.removed(DEVICE, DEVICE, "rain");
    }

    @Test
    void nothingIsLostWhereTheBrokerIsKilled() throws IOException, InterruptedException {
        installRain("rain-without-a-gap");
        int mark = operator.mark();
        operator.await("rain before", mark, heard -> heard.topic().equals(DEVICE + "/example/rain"));
        broker.kill();
        broker.start();
        Awaitility.await("the operator is back").until(operator::hears);
        int back = operator.mark();
        assertPong();
        operator.await("rain after", back, heard -> heard.topic().equals(DEVICE + "/example/rain"));
        Awaitility.await("observations without a gap")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertEquals(List.of(), missing(mark)));
        operator.removed(DEVICE, DEVICE, "rain-without-a-gap");
    }

    /** The numbers between the first and the last that were heard since then, and were not heard. */
    private static List<Long> missing(int mark) {
        TreeSet<Long> seqs = new TreeSet<>();
        for (Operator.Heard heard :
                operator.since(mark, heard -> heard.properties().containsKey("seq"))) {
            seqs.add(Long.valueOf(heard.properties().get("seq")));
        }
        return java.util.stream.LongStream.range(seqs.first(), seqs.last())
                .filter(seq -> !seqs.contains(seq))
                .boxed()
                .toList();
    }

    @Test
    void whatIsAskedWhileTheDeviceIsAwayIsAnsweredWhenItIsBack() {
        gateway.cut();
        String reply = operator.ask(DEVICE, "ping", Map.of(), Duration.ofMinutes(2));
        gateway.startAgain();
        Awaitility.await("an answer")
                .atMost(Duration.ofMinutes(1))
                .until(() -> operator.ends(reply).size() == 1);
    }
}
