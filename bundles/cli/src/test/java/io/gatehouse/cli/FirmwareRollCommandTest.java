package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Rollout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rollout to twenty devices, against a broker in this process. */
final class FirmwareRollCommandTest extends WithFleet {
    private static final Duration SOON = Duration.ofSeconds(60);

    FirmwareRollCommandTest() {
        super(20);
    }

    private int roll(String... more) {
        List<String> words = new ArrayList<>(List.of("firmware", "roll", image.toString(), "--version", "V2"));
        words.addAll(List.of("--sequence", "2", "--compatible", "dwr-311-a1"));
        if (!Arrays.asList(more).contains("--to")) {
            words.addAll(List.of("--to", FakeFleet.MODEL));
        }
        words.addAll(List.of("--settle", "PT0.01S"));
        words.addAll(Arrays.asList(more));
        return console.run(words.toArray(String[]::new));
    }

    /** The shares that were published, in order. */
    private List<Long> shares() {
        return broker.published().stream()
                .filter(message -> message.topic().equals(TOPIC))
                .map(message -> Json.read(message.payload()).object("rollout").integer("percent", 0, 100))
                .toList();
    }

    private static Set<String> takingPart(int percent) {
        Set<String> devices = new HashSet<>(FakeFleet.names(20));
        devices.removeIf(device -> !new Rollout(percent, "V2").includes(device));
        return devices;
    }

    @Test
    void widensStepByStepUntilAllHaveIt() {
        assertEquals(0, roll("--steps", "25,50,100"), console::err);

        assertEquals(List.of(25L, 50L, 100L), shares());
        Members last = document();
        assertEquals("V2", last.object("rollout").string("salt"));
        assertEquals("dwr-311-a1", last.object("spec").string("compatible"));
        assertTrue(console.out().contains("step 2: 50 %, " + takingPart(50).size() + " devices\n"), console.out());
        assertTrue(console.out().matches("(?s).*3 +100 % +20 +20 +0 +0 +0\n$"), console.out());
    }

    @Test
    void stopsAndLetsNobodyElseBeginWhenTooManyFail() {
        String bad = takingPart(50).iterator().next();
        fleet.ending(device -> device.equals(bad) ? "rolled-back" : FakeFleet.APPLYING);

        assertEquals(1, roll("--steps", "50,100"), console::out);

        assertEquals(List.of(50L, 0L), shares());
        assertTrue(console.out().contains(bad + "  rolled-back  unproven: it did not come up\n"), console.out());
        assertTrue(
                console.err().contains("stopped at 50 %: 1 of 1 that came to an end failed, 100.0 %"), console.err());
        Set<String> others = takingPart(50);
        others.remove(bad);
        assertEquals(others.size(), fleet.ordered().size());
        others.forEach(device -> assertTrue(fleet.ordered().contains(device + " firmware.cancel 2"), device));
    }

    @Test
    void staysStoppedUntilMoreFailuresAreAllowed() {
        String bad = takingPart(50).iterator().next();
        fleet.ending(device -> device.equals(bad) ? "rolled-back" : "applied");
        assertEquals(1, roll("--steps", "50,100", "--stop-at-failures", "1"), console::out);

        assertEquals(1, roll("--steps", "50,100", "--stop-at-failures", "1"), console::out);
        assertTrue(console.out().contains("it was stopped before\n"), console.out());
        assertEquals(List.of(50L, 0L), shares());

        assertEquals(0, roll("--steps", "50,100", "--stop-at-failures", "2"), console::err);
        assertEquals(List.of(50L, 0L, 50L, 100L), shares());
    }

    @Test
    void goesOnBelowAHigherShareOfFailures() {
        String bad = takingPart(50).iterator().next();
        fleet.ending(device -> device.equals(bad) ? "rolled-back" : "applied");
        assertEquals(1, roll("--steps", "100", "--stop-at-failures", "5%"), console::out);
        assertEquals(List.of(100L, 0L), shares());

        assertEquals(0, roll("--steps", "50,100", "--stop-at-failures", "6%"), console::err);
        assertEquals(List.of(100L, 0L, 50L, 100L), shares());
    }

    @Test
    void hearsOfThoseThatEndWhileOthersAreToldToTryAgain() {
        String bad = takingPart(50).iterator().next();
        fleet.ending(device -> device.equals(bad) ? "rolled-back" : FakeFleet.APPLYING);
        assertEquals(1, roll("--steps", "50,100", "--stop-at-failures", "1"), console::out);

        fleet.ending(device -> device.equals(bad) ? "rolled-back" : "applied");
        assertEquals(0, roll("--steps", "50,100", "--stop-at-failures", "2", "--patience", "PT20S"), console::err);
        assertTrue(console.out().matches("(?s).*2 +100 % +20 +19 +0 +1 +0\n$"), console.out());
    }

    @Test
    void goesOnFromWhereItStandsAfterCtrlC() throws Exception {
        fleet.ending(device -> takingPart(25).contains(device) ? "applied" : FakeFleet.APPLYING);
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Thread command = new Thread(() -> exitCode.complete(roll("--steps", "25,50,100")));
        command.start();
        await().atMost(SOON).until(() -> shares().equals(List.of(25L, 50L)));
        command.interrupt();
        command.join(SOON.toMillis());
        assertFalse(command.isAlive());
        assertEquals(130, exitCode.join());
        assertTrue(console.err().contains("the same command goes on from here"), console.err());

        // those that take it only now end so, and those that took it are ended
        fleet.ending(device -> "applied");
        fleet.end("applied");
        assertEquals(0, roll("--steps", "25,50,100"), console::err);
        assertTrue(console.out().contains("goes on at 50 %\n"), console.out());
        assertEquals(List.of(25L, 50L, 100L), shares());
    }

    @Test
    void doesNotWaitForDevicesThatAreAway() {
        List<String> first = List.copyOf(takingPart(50));
        fleet.go(first.get(0));
        assertEquals(0, roll("--steps", "50,100"), console::err);
        assertTrue(console.err().contains("offline or late: 1; they take it when they can"), console.err());
        assertTrue(console.out().matches("(?s).*2 +100 % +20 +19 +0 +0 +1\n$"), console.out());
    }

    @Test
    void countsDevicesThatBeganAndAreHeardOfNoMoreAsFailed() {
        fleet.ending(device -> FakeFleet.APPLYING);
        assertEquals(1, roll("--steps", "50,100", "--patience", "PT0.5S"), console::out);
        assertEquals(List.of(50L, 0L), shares());
    }

    @Test
    void ignoresWhatIsNoReportOrOfNoDeviceOfTheScope() {
        List<String> hostile = List.of(
                "{", "[]", "{}", "{\"state\":1}", "{\"state\":\"failed\",\"desired\":3}", "{\"state\":\"failed\"}");
        for (int number = 0; number < hostile.size(); number++) {
            byte[] payload = hostile.get(number).getBytes(StandardCharsets.UTF_8);
            broker.publish(Message.json(FakeFleet.names(20).get(number) + "/reported/firmware", payload)
                    .retained());
        }
        String failed = "{\"state\":\"rolled-back\",\"desired\":{\"" + TOPIC + "\":\"" + "0".repeat(64) + "\"}}";
        broker.publish(
                Message.json(FakeFleet.names(20).get(9) + "/reported/firmware", failed.getBytes(StandardCharsets.UTF_8))
                        .retained());
        broker.publish(Message.json(
                        "other/model/\u001b[31m/reported/firmware",
                        Json.write(Map.of("state", "rolled-back", "version", "V2", "sequence", 2)))
                .retained());
        assertEquals(0, roll("--steps", "50,100", "--stop-at-failures", "1"), console::err);
        assertEquals(List.of(50L, 100L), shares());
        assertTrue(console.err().contains("not understood: "), console.err());
        assertFalse(console.out().contains("other/model"), console.out());
    }

    @Test
    void goesNoFurtherWhereSomebodyElsePublishesMeanwhile() throws Exception {
        fleet.ending(device -> FakeFleet.APPLYING);
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Thread command = new Thread(() -> exitCode.complete(roll("--steps", "50,100")));
        command.start();
        await().atMost(SOON).until(() -> shares().equals(List.of(50L)));
        fleet.close(); // which would not admit it
        broker.publish(Message.json(TOPIC, "{\"removed\":true}".getBytes(StandardCharsets.UTF_8))
                .with("jws", "another")
                .retained());
        command.join(SOON.toMillis());
        assertEquals(1, exitCode.join());
        assertTrue(
                console.err().contains("somebody else published another document at " + TOPIC + " meanwhile"),
                console.err());
        assertEquals(
                1,
                broker.published().stream()
                        .filter(message -> message.topic().equals(TOPIC) && message.payload().length > 30)
                        .count());
    }

    @Test
    void tellsHowFarItIsAsJson() {
        assertEquals(0, roll("--steps", "100", "-o", "json"), console::err);
        Members last = Json.read(
                console.out().lines().reduce("", (before, line) -> line).getBytes(StandardCharsets.UTF_8));
        assertEquals(20, last.integer("applied", 0, 99));
        assertEquals(100, last.integer("percent", 0, 100));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--steps | 50,10 | and 10 comes after 50",
                "--steps | 10,200 | from 1 to 100: \"200\"",
                "--stop-at-failures | all | such as 3: all",
                "--patience | 0 | must be more than nothing: 0",
            })
    void namesWhatWillNotDoAndPublishesNothing(String option, String value, String complaint) {
        assertEquals(2, roll(option, value));
        assertTrue(console.err().contains(complaint), console.err());
        assertEquals(List.of(), shares());
    }

    @Test
    void publishesNothingWhereNoDeviceIsKnown() {
        assertEquals(3, roll("--to", "dwr/999"));
        assertTrue(console.err().contains("no device is known under dwr/999 at memory://broker"), console.err());
    }

    private Members document() {
        return Json.read(broker.published().stream()
                .filter(message -> message.topic().equals(TOPIC))
                .reduce((first, second) -> second)
                .orElseThrow()
                .payload());
    }
}
