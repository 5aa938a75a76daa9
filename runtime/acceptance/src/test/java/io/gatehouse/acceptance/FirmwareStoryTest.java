package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.acceptance.RouterImages.Variant;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A router's whole life with its firmware, driven over MQTT alone. Each chapter says on the way how long its steps took. */
final class FirmwareStoryTest {
    private static final RouterImages IMAGES = new RouterImages(Path.of("target/router"));
    private static final String SETTINGS = Router.DEVICE + "/desired/configuration/io.gatehouse.firmware";

    @TempDir
    Path folder;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Operator operator;
    private Router router;

    @BeforeEach
    void build() throws IOException {
        Router.assumePossible();
        Mosquitto.assumeInstalled();
        for (Variant variant : Variant.values()) {
            IMAGES.firmware(version(variant), variant);
        }
        BrokerProcess broker = opened(Mosquitto.persistent(Files.createDirectories(folder.resolve("broker"))));
        broker.start();
        operator = opened(Operator.at(Access.to(broker.uri()), Router.DEVICE, Router.DEVICE + "/#", "reply/#"));
        router = opened(new Router(IMAGES.disk(1), folder, broker, operator));
    }

    private static int version(Variant variant) {
        return switch (variant) {
            case GOOD -> 2;
            case PANICS -> 3;
            case SILENT -> 4;
        };
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.push(one);
        return one;
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    @Timeout(value = 40, unit = TimeUnit.MINUTES) // a machine that is emulated waits for all others on this one
    void goesForwardWhenItProvesItselfAndBackWhenItDoesNot() throws IOException {
        Instant begun = Instant.now();
        router.switchOn();
        assertEquals("V1", router.online(0).string("firmware"));
        tell("V1 is there after " + Duration.between(begun, Instant.now()).toSeconds() + " s");

        String slot = provesItself();
        panics(slot);
        findsNoBroker(slot);
        takesWhatWasWantedWhileItWasOff(slot);
        tell("all of it took " + Duration.between(begun, Instant.now()).toSeconds() + " s");
    }

    private String provesItself() throws IOException {
        Members applied = wanted(Variant.GOOD);
        assertEquals("applied", applied.string("state"), () -> said(applied));
        assertEquals("V2", applied.string("version"));
        Interruptions.held(Interruption.NOTHING, applied);
        return applied.string("slot");
    }

    private void panics(String slot) throws IOException {
        int mark = router.console().length();
        Members back = wanted(Variant.PANICS);
        assertIsBackOn(slot, back);
        assertEquals("panic", back.object("problem").string("type"), () -> said(back));
        String detail = back.object("problem").string("detail");
        assertTrue(detail.contains("Kernel panic - not syncing: sysrq triggered crash"), detail);
        String words = lastWords(back);
        assertTrue(words.contains("sysrq: Trigger a crash"), words);
        String console = router.console().substring(mark);
        assertEquals(3, console.split("is on trial", -1).length - 1, console);
        assertTrue(console.contains("did not prove itself"), console);
        Interruptions.held(Interruption.PANICS, back);
    }

    private void findsNoBroker(String slot) throws IOException {
        // Nobody waits five minutes for what will not come.
        configure(Map.of("probation", "PT1M"));
        Members back = wanted(Variant.SILENT);
        configure(Map.of());
        assertIsBackOn(slot, back);
        assertEquals("unhealthy", back.object("problem").string("type"), () -> said(back));
        String detail = back.object("problem").string("detail");
        assertTrue(detail.contains("no message came back from the broker"), detail);
        String words = lastWords(back);
        assertTrue(words.contains(detail), words);
        assertTrue(words.contains("not connected: cannot connect to tcp://10.0.2.2"), words);
        Interruptions.held(Interruption.NO_BROKER, back);
    }

    private void takesWhatWasWantedWhileItWasOff(String slot) throws IOException {
        router.cut();
        int mark = operator.mark();
        Instant begun = Instant.now();
        String digest = router.desire(5, IMAGES.firmware(5, Variant.GOOD));
        router.switchOn();
        Members applied = router.end(mark, digest);
        tell("V5, wanted while it was off: " + steps(mark, digest, begun));
        assertEquals("applied", applied.string("state"), () -> said(applied));
        assertEquals("V5", applied.string("version"));
        assertNotEquals(slot, applied.string("slot"));
        Interruptions.held(Interruption.ASKED_WHILE_OFF, applied);
        assertFalse(
                operator.since(
                                mark,
                                message -> message.topic().equals(Router.DEVICE + "/status")
                                        && message.body()
                                                .optionalString("firmware")
                                                .equals(Optional.of("V5")))
                        .isEmpty(),
                () -> said(applied));
        assertTrue(operator.command(Router.DEVICE, "ping", Map.of()) instanceof Outcome.Done);
    }

    /** Wants the version that is so, and waits for its end. */
    private Members wanted(Variant variant) throws IOException {
        int version = version(variant);
        int mark = operator.mark();
        Instant begun = Instant.now();
        String digest = router.desire(version, IMAGES.firmware(version, variant));
        Members end = router.end(mark, digest);
        tell(RouterImages.name(version) + " " + variant + ": " + steps(mark, digest, begun));
        return end;
    }

    /** What each report of a new step said, and how many seconds after the wish it was made. */
    private String steps(int mark, String digest, Instant begun) {
        StringBuilder steps = new StringBuilder();
        String last = "";
        for (Operator.Heard report : operator.since(mark, message -> router.isOf(message, digest))) {
            String step = Router.step(report.body());
            if (!step.equals(last)) {
                Instant at = Instant.parse(report.body().string("at"));
                steps.append(last.isEmpty() ? "" : ", ").append(step).append(' ');
                steps.append(Duration.between(begun, at).toSeconds()).append(" s");
                last = step;
            }
        }
        return steps.toString();
    }

    private void assertIsBackOn(String slot, Members report) {
        assertEquals("rolled-back", report.string("state"), () -> said(report));
        assertEquals("V2", report.string("version"));
        assertEquals(slot, report.string("slot"));
    }

    /** Sets how the router tries firmware, and waits until it does so. */
    private void configure(Map<String, ?> values) {
        String digest = operator.publish(SETTINGS, new Envelope(Optional.of(values), Rollout.ALL).write(), true);
        operator.ended(Router.DEVICE, SETTINGS, digest);
    }

    /** What a version that was left said last, as the router sends it. */
    private String lastWords(Members report) {
        Members log = report.object("log");
        byte[] words = DeviceArtifact.read(operator, Router.DEVICE, log.string("sha256"));
        assertEquals(log.string("sha256"), Sha256.of(words).hex());
        return new String(words, StandardCharsets.UTF_8);
    }

    private String said(Members report) {
        return report.values() + "\n" + router.console();
    }

    private static void tell(String line) {
        System.out.println("firmware story: " + line);
    }
}
