package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands bring to devices, and what becomes of it: against a broker and a device in this process. */
final class PublishingTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final SigningKey operator = SigningKey.generate();

    @TempDir
    private Path folder;

    private FakeDevice one;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        console.signBy(operator, folder);
        Trusting trusting = Trusting.allTo(SigningKey.generate(), operator, "dwr", "world");
        one = new FakeDevice(broker, ONE, "world/asia/taiwan", trusting);
    }

    @AfterEach
    void leave() {
        one.close();
    }

    @Test
    void installsABundleAndServesItsBytes() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.2.3");
        assertEquals(0, console.run("install", jar.toString(), "--to", "dwr/311-a1"), console::err);
        assertArrayEquals(Files.readAllBytes(jar), one.fetched());
        assertTrue(console.out().contains(ONE + "  applied in 0.25 s"), console.out());
        Message wish = published("dwr/311-a1/desired/feature/com.example.hello");
        assertTrue(wish.retain());
        assertEquals(
                "com.example:com.example.hello:1.2.3",
                Json.read(wish.payload()).object("spec").string("id"));
    }

    @Test
    void configuresOnePidAndTakesThatAway() {
        assertEquals(
                0,
                console.run("configure", "com.acme.modbus", "port:Integer=502", "hosts:=[\"a\"]", "--to", ONE),
                console::err);
        Members spec = Json.read(published(ONE + "/desired/configuration/com.acme.modbus")
                        .payload())
                .object("spec");
        assertEquals(Map.of("port:Integer", 502L, "hosts", List.of("a")), spec.values());
        assertEquals(0, console.run("configure", "com.acme.modbus", "--remove", "--to", ONE), console::err);
        assertEquals(2, console.run("configure", "com.acme.modbus", "--to", ONE));
        assertEquals(2, console.run("configure", "com.acme.modbus", "a=b", "--remove", "--to", ONE));
        assertEquals(2, console.run("configure", "com/acme", "a=b", "--to", ONE));
        assertEquals(2, console.run("configure", "com.acme~", "a=b", "--to", ONE));
        assertEquals(0, console.run("configure", "com.acme.Meter~cellar", "a=b", "--to", ONE), console::err);
    }

    @Test
    void replacesTheRuntimeAndGoesBackToTheImages() throws IOException {
        Path zip = Files.writeString(folder.resolve("runtime.zip"), "a runtime");
        assertEquals(
                0, console.run("runtime", "install", zip.toString(), "--version", "1.3.0", "--to", ONE), console::err);
        Members spec = Json.read(published(ONE + "/desired/runtime").payload()).object("spec");
        assertEquals("1.3.0", spec.string("version"));
        assertEquals(9, spec.integer("size", 0, 99));
        assertEquals(Sha256.of(zip).hex(), spec.string("sha256"));
        assertEquals(0, console.run("runtime", "remove", "--from", ONE), console::err);
        assertEquals(
                2, console.run("runtime", "install", folder.resolve("none.zip").toString(), "--version", "1"));
        assertTrue(console.err().contains("none.zip"), console.err());
    }

    @Test
    void exitsWithOneAndPrintsTheProblemWhenTheDeviceRollsBack() throws IOException {
        one.ending("rolled-back");
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(1, console.run("install", jar.toString(), "--to", ONE));
        assertTrue(console.out().contains("rolled-back  start-failed: hello: no such class"), console.out());
    }

    @Test
    void exitsWithOneAndSaysWhichLicenseALeftOutFeatureNeeds() throws IOException {
        one.lacking(ONE + "/desired/feature/com.acme.rain", "com.acme.rain");
        Path jar = Jars.bundle(folder.resolve("rain.jar"), "com.acme.rain", "1.0.0");
        String line =
                ONE + "  left out  com.acme.rain needs the license com.acme.rain, which this device does not have;"
                        + " it is installed by itself when the license comes\n";
        assertEquals(1, console.run("install", jar.toString(), "--to", ONE));
        assertTrue(console.out().contains(line), console.out());
        assertEquals(1, console.run("install", jar.toString(), "--to", ONE, "--timeout", "2s"), "it is so already");
        assertTrue(console.out().contains(line), console.out());
        assertEquals(1, console.run("install", jar.toString(), "--to", ONE, "-o", "json"));
        assertTrue(console.out().contains("\"state\":\"left-out\""), console.out());
    }

    @Test
    void asksToTryAgainWhatWasRolledBackBefore() throws IOException {
        one.ending("rolled-back");
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(1, console.run("install", jar.toString(), "--to", ONE));
        one.ending("applied");
        assertEquals(0, console.run("install", jar.toString(), "--to", ONE));
        assertTrue(console.out().contains("rolled-back before; it is asked to try again"), console.out());
    }

    @Test
    void isThroughAtOnceWhereTheDeviceHasItAlready() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(0, console.run("install", jar.toString(), "--to", ONE));
        assertEquals(0, console.run("install", jar.toString(), "--to", ONE, "--timeout", "2s"), console::err);
        assertTrue(console.out().contains(ONE + "  applied already"), console.out());
    }

    @Test
    void awaitsOnlyDevicesThatTakePartInTheRollout() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(0, console.run("install", jar.toString(), "--to", ONE, "--rollout", "0", "--timeout", "2s"));
        assertTrue(console.out().contains(ONE + ": not in this part of the rollout"), console.out());
    }

    @Test
    void removesWhatWasInstalled() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(0, console.run("install", jar.toString(), "--name", "hello", "--to", ONE));
        assertEquals(0, console.run("remove", "hello", "--from", ONE), console::err);
        Message last = published(ONE + "/desired/feature/hello");
        assertEquals("{\"removed\":true}", text(last));
        assertEquals(0, console.run("remove", "hello", "--from", ONE, "--timeout", "2s"), console::err);
        assertTrue(console.out().contains(ONE + "  nothing of this name is there\n"), console.out());
    }

    @Test
    void namesWhatIsThereWhereTheNameToRemoveIsNot() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(0, console.run("install", jar.toString(), "--to", "dwr/311-a1"));
        assertTrue(console.out().contains("to dwr/311-a1 as com.example.hello\n"), console.out());
        assertEquals(0, console.run("remove", "hello", "--from", "dwr", "--timeout", "2s"), console::err);
        assertTrue(
                console.out().contains("nothing of this name is there; there is com.example.hello from dwr/311-a1\n"),
                console.out());
    }

    @Test
    void publishesNothingWhereNobodyIsThere() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(3, console.run("install", jar.toString(), "--to", "dwr/999"));
        assertTrue(
                console.err().startsWith("gatehouse: no device is online under dwr/999 at memory://broker"),
                console.err());
        assertTrue(
                broker.published().stream().noneMatch(message -> message.topic().contains("/desired/")));
    }

    @Test
    void publishesForDevicesToComeWithoutWaiting() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(0, console.run("install", jar.toString(), "--to", "dwr/999", "--no-wait"));
        assertTrue(
                broker.published().stream().anyMatch(message -> message.topic().startsWith("dwr/999/desired/")));
        assertTrue(console.err().contains("has no url"), console.err());
    }

    @Test
    void publishesConfigurationsAndRuntimesWithoutWaiting() throws IOException {
        assertEquals(0, console.run("configure", "com.acme", "a=1", "--to", "dwr/999", "--no-wait"), console::err);
        assertEquals(
                "configure com.acme of dwr/999\npublished at dwr/999/desired/configuration/com.acme\n", console.out());
        Path zip = Files.writeString(folder.resolve("runtime.zip"), "a runtime");
        assertEquals(
                0, console.run("runtime", "install", zip.toString(), "--version", "1", "--to", "dwr/999", "--no-wait"));
        assertEquals(zip + " has no url: devices get it when somebody serves it\n", console.err());
        assertEquals(0, console.run("runtime", "remove", "--from", "dwr/999", "--no-wait"), console::err);
        assertEquals("{\"removed\":true}", text(published("dwr/999/desired/runtime")));
    }

    @Test
    void awaitsDevicesAsLongAsTheyUsuallyTake() {
        Map<String, String> usual = Map.of("install", "5m", "runtime install", "15m", "trust publish", "1m");
        usual.forEach((command, time) -> {
            assertEquals(0, console.run((command + " --help").split(" ")));
            assertTrue(console.out().contains("How long to wait for the devices (" + time + ")."), console.out());
        });
    }

    @Test
    void showsWhatADryRunWouldChange() throws IOException {
        one.answering(
                "feature.plan",
                message -> Outcome.done(Map.of(
                        "install", List.of(Map.of("symbolicName", "com.example.hello", "version", "1.0.0")),
                        "update", List.of(),
                        "remove", List.of(),
                        "restart", List.of("io.gatehouse.telemetry"))));
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(0, console.run("install", jar.toString(), "--dry-run", "--to", ONE), console::err);
        assertTrue(console.out().contains("install  com.example.hello       1.0.0"), console.out());
        assertTrue(console.out().contains("restart  io.gatehouse.telemetry"), console.out());
        assertTrue(
                broker.published().stream().noneMatch(message -> message.topic().contains("/desired/")));
    }

    @Test
    void aDryRunSaysWhichLicenseIsLacking() throws IOException {
        one.answering(
                "feature.plan",
                message -> Outcome.done(Map.of(
                        "install",
                        List.of(),
                        "unlicensed",
                        List.of(Map.of(
                                "feature",
                                "com.acme:rain:1",
                                "topic",
                                "feature.plan",
                                "bundle",
                                "com.acme.rain",
                                "license",
                                "com.acme.rain")))));
        Path jar = Jars.bundle(folder.resolve("rain.jar"), "com.acme.rain", "1.0.0");
        assertEquals(1, console.run("install", jar.toString(), "--dry-run", "--to", ONE));
        assertTrue(console.out().contains("left out  com.acme.rain needs the license com.acme.rain,"), console.out());
    }

    /** What was published last at a topic. */
    private Message published(String topic) {
        return broker.published().stream()
                .filter(message -> message.topic().equals(topic))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }
}
