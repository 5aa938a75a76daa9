package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a device that has licenses for some of what is wanted: in this process. */
final class StatusCommandTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final Map<String, String> RAIN = Map.of(
            "feature",
            "com.acme:com.acme.rain:1.0.0",
            "topic",
            ONE + "/desired/feature/com.acme.rain",
            "bundle",
            "com.acme.rain",
            "license",
            "com.acme.rain");
    private static final Map<String, String> ALARM = Map.of(
            "feature",
            "com.acme:alarm:1",
            "topic",
            ONE + "/desired/feature/alarm",
            "bundle",
            "com.acme.alarm",
            "license",
            "com.acme.rain",
            "through",
            "com.acme:com.acme.rain:1.0.0");

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);

    @TempDir
    private Path folder;

    private FakeDevice one;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        SigningKey operator = SigningKey.generate();
        console.signBy(operator, folder);
        one = new FakeDevice(broker, ONE, "world", Trusting.allTo(SigningKey.generate(), operator, "dwr"));
    }

    @AfterEach
    void leave() {
        one.close();
    }

    @Test
    void namesWhatWaitsForALicense() throws IOException {
        one.lacking(List.of(RAIN));
        install(1);
        byte[] report = Json.write(Map.of(
                "state", "applied", "desired", Map.of(), "unlicensed", List.of("com.acme.rain", "com.acme.snow")));
        broker.publish(Message.json(ONE + "/reported/license", report).retained());
        assertEquals(0, console.run("status", ONE), console::err);
        assertTrue(console.out().contains("  asks for  com.acme.snow, which no license here grants\n"), console.out());
        assertFalse(console.out().contains("asks for  com.acme.rain"), console.out());
    }

    @Test
    void namesWhatIsLeftOutAndWhichLicenseIsMissingInTheWordsOfInstall() throws IOException {
        one.lacking(List.of(RAIN, ALARM));
        install(1);
        String words = "com.acme.rain needs the license com.acme.rain, which this device does not have;"
                + " it is installed by itself when the license comes\n";
        assertTrue(console.out().contains("left out  " + words), console.out());
        assertEquals(0, console.run("status", ONE), console::err);
        assertTrue(console.out().contains("  left out  com.acme:com.acme.rain:1.0.0  " + words), console.out());
        assertTrue(
                console.out()
                        .contains("  left out  com.acme:alarm:1  com.acme.alarm needs the feature"
                                + " com.acme:com.acme.rain:1.0.0, and that the license com.acme.rain, which this device"
                                + " does not have; it is installed by itself when the license comes\n"),
                console.out());
    }

    @Test
    void saysWhenNobodyCanTellYet() throws IOException {
        Map<String, String> unknown = new HashMap<>(RAIN);
        unknown.put("problem", "no-licensing");
        one.lacking(List.of(unknown));
        assertEquals(3, console.run("install", jar(), "--to", ONE, "--timeout", "1s"));
        assertEquals(0, console.run("status", ONE), console::err);
        assertTrue(console.out().contains("and nothing on this device has told yet which licenses"), console.out());
    }

    @Test
    void hasTheSameAsJson() throws IOException {
        one.lacking(List.of(RAIN, ALARM));
        install(1);
        assertEquals(0, console.run("status", ONE, "-o", "json"), console::err);
        String last = console.out().lines().reduce((first, second) -> second).orElseThrow();
        Members feature = Json.read(last.getBytes(StandardCharsets.UTF_8)).object("feature");
        assertEquals(
                List.of(RAIN, ALARM),
                feature.objects("unlicensed").stream().map(Members::values).toList());
    }

    @Test
    void saysNothingOfItWhereAllIsApplied() throws IOException {
        install(0);
        assertEquals(0, console.run("status", ONE), console::err);
        assertTrue(console.out().contains("features  applied"), console.out());
        assertFalse(console.out().contains("left out"), console.out());
    }

    private void install(int exitCode) throws IOException {
        assertEquals(exitCode, console.run("install", jar(), "--to", ONE), console::err);
    }

    private String jar() throws IOException {
        return Jars.bundle(folder.resolve("rain.jar"), "com.acme.rain", "1.0.0").toString();
    }
}
