package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.chunk.ChunkIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Firmware for three devices, against a broker in this process. */
final class FirmwareCommandTest extends WithFleet {
    private static final String ONE = FakeFleet.MODEL + "/00";

    FirmwareCommandTest() {
        super(3);
    }

    private int set(String... more) {
        List<String> words = new ArrayList<>(List.of("firmware", "set", "--version", "V2", "--to", FakeFleet.MODEL));
        Map<String, String> usual = Map.of("--sequence", "2", "--compatible", "dwr-311-a1");
        usual.forEach((option, value) -> {
            if (!Arrays.asList(more).contains(option)) {
                words.addAll(List.of(option, value));
            }
        });
        words.addAll(Arrays.asList(more));
        return console.run(words.toArray(String[]::new));
    }

    private List<Members> documents() {
        return broker.published().stream()
                .filter(message -> message.topic().equals(TOPIC))
                .map(message -> Json.read(message.payload()))
                .toList();
    }

    private List<Message> data() {
        return broker.published().stream()
                .filter(message -> message.topic().equals(ONE + "/artifact/data"))
                .toList();
    }

    @Test
    void setsWhatTheImageIsAndFollowsTheDevicesToTheirEnd() throws IOException {
        assertEquals(0, set(image.toString(), "--window", "02:00-05:00", "--zone", "Asia/Taipei"), console::err);

        Members spec = documents().get(0).object("spec");
        assertEquals("V2", spec.string("version"));
        assertEquals(2, spec.integer("sequence", 0, 9));
        assertEquals(Sha256.of(image).hex(), spec.string("sha256"));
        assertEquals(8, spec.integer("size", 0, 9));
        assertEquals("Asia/Taipei", spec.object("window").string("zone"));
        assertFalse(spec.has("allowDowngrade"));
        assertFalse(documents().get(0).has("rollout"));
        assertTrue(console.out().contains(ONE + "  applying  install\n"), console.out());
        assertTrue(console.out().contains(ONE + "  applied, version V2\n"), console.out());
    }

    @Test
    void servesTheIndexOfTheImagesChunksBesideIt() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Files.write(image, bytes);
        byte[] index = ChunkIndex.of(new ByteArrayInputStream(bytes));
        Message request = Message.json(
                        ONE + "/artifact/get",
                        new ArtifactRequest(Sha256.of(index), 0, index.length, ArtifactRequest.LARGEST_CHUNK).write())
                .answeredAt(ONE + "/artifact/data", new byte[] {7});
        fleet.ending(device -> {
            if (device.equals(ONE)) {
                broker.publish(request);
                await().until(() -> !data().isEmpty());
            }
            return "applied";
        });

        assertEquals(0, set(image.toString()), console::err);
        Members chunks = documents().get(0).object("spec").object("chunks");
        assertEquals(Sha256.of(index).hex(), chunks.string("sha256"));
        assertEquals(index.length, chunks.integer("size", 0, 9999));
        assertArrayEquals(index, data().get(0).payload());

        fleet.ending(device -> "applied");
        assertEquals(0, set(image.toString(), "--no-wait"), console::err);
        assertFalse(documents().get(1).object("spec").has("chunks"), "nobody serves it");
    }

    @Test
    void exitsWithOneAndSaysWhyWhereADeviceWentBack() {
        fleet.ending(device -> device.equals(ONE) ? "rolled-back" : "applied");
        assertEquals(1, set(image.toString()));
        assertTrue(
                console.out().contains(ONE + "  rolled-back, version V1  unproven: it did not come up\n"),
                console.out());
    }

    @Test
    void speaksOfAnImageThatIsElsewhere() {
        String digest = "a".repeat(64);
        assertEquals(
                0,
                set("--url", "https://example.com/v2", "--sha256", digest, "--size", "42", "--no-wait"),
                console::err);
        Members spec = documents().get(0).object("spec");
        assertEquals(digest, spec.string("sha256"));
        assertEquals(42, spec.integer("size", 0, 99));
        assertEquals("https://example.com/v2", spec.string("url"));
    }

    @Test
    void isForAShareOfTheDevicesThatIsTheSameForAVersion() {
        assertEquals(0, set(image.toString(), "--percent", "40", "--no-wait"), console::err);
        assertEquals("V2", documents().get(0).object("rollout").string("salt"));
        assertEquals(0, set(image.toString(), "--percent", "40", "--salt", "r42", "--no-wait"), console::err);
        Members rollout = documents().get(1).object("rollout");
        assertEquals(
                new Rollout(40, "r42"), new Rollout((int) rollout.integer("percent", 0, 100), rollout.string("salt")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--window 02:00-05:00 | --window and --zone go together",
                "--zone UTC | --window and --zone go together",
                "--window 2-5 --zone UTC | --window.from must be a time of day such as 02:00: 2",
                "--window 02:00 --zone UTC | --window must be two times of day such as 02:00-05:00: 02:00",
                "--window 02:00-05:00 --zone Mars | --window.zone must be a time zone such as Asia/Taipei or UTC: Mars",
                "--url ftp://x/y | --url must be an http or https address",
                "--sha256 aa | --sha256 is not that of",
                "--size 3 | --size is not that of",
                "--percent 101 | --percent must be from 0 to 100: 101",
                "--under-way 0 | --under-way must be at least 1: 0",
                "--sequence -1 | --sequence must be",
                "--compatible _ | --compatible must be 1 to 100 characters",
            })
    void namesTheOptionThatWillNotDoAndPublishesNothing(String options, String complaint) {
        List<String> words = new ArrayList<>(List.of(image.toString(), "--no-wait"));
        Arrays.stream(options.split(" ")).forEach(word -> words.add(word.equals("_") ? " " : word));
        assertEquals(2, set(words.toArray(String[]::new)), console::out);
        assertTrue(console.err().contains(complaint), console.err());
        assertEquals(List.of(), documents());
    }

    @Test
    void saysWhatIsMissingWhereTheImageIsNotHere() {
        assertEquals(2, set("--url", "https://example.com/v2", "--size", "3"));
        assertTrue(
                console.err().contains("give IMAGE, or where it is not here, --url, --sha256 and --size"),
                console.err());
        assertEquals(2, set(folder.resolve("none").toString()));
        assertTrue(console.err().contains("none"), console.err());
        assertEquals(2, console.run("firmware", "set", image.toString(), "--to", ONE));
        assertTrue(console.err().contains("--version"), console.err());
    }

    @Test
    void showsWhatDevicesReport() {
        fleet.ending(device -> device.equals(ONE) ? "rolled-back" : "applied");
        set(image.toString());
        broker.publish(Message.json("dwr/other/1/reported/firmware", "{".getBytes(StandardCharsets.UTF_8))
                .retained());

        assertEquals(0, console.run("firmware", "status", FakeFleet.MODEL), console::err);
        assertTrue(
                console.out()
                        .lines()
                        .findFirst()
                        .orElse("")
                        .matches("DEVICE +VERSION +SEQ +SLOT +STATE +SINCE +PROBLEM"),
                console.out());
        assertTrue(
                console.out()
                        .matches("(?s).*\n" + ONE
                                + " +V1 +1 +rootfs.0 +rolled-back +2\\S+Z +unproven: it did not come up\n.*"),
                console.out());
        assertTrue(console.err().contains("not understood: dwr/other/1/reported/firmware"), console.err());

        assertEquals(0, console.run("firmware", "status", "world/asia", "-o", "json"), console::err);
        assertEquals(3, console.out().lines().count());
        assertEquals(0, console.run("firmware", "status", "dwr/999"));
        assertTrue(console.err().contains("nothing is reported of firmware under dwr/999"), console.err());
    }

    @Test
    void takesAWishAway() {
        assertEquals(0, console.run("firmware", "remove", "--to", FakeFleet.MODEL, "--no-wait"), console::err);
        assertTrue(documents().get(0).bool("removed", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "cancel", "retry"})
    void hasDevicesStopAndGoOn(String what) {
        assertEquals(0, console.run("firmware", what, "--to", ONE), console::err);
        assertEquals(List.of(ONE + " firmware." + what), fleet.ordered());
        assertTrue(console.out().contains("done"), console.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "set", "roll", "status", "remove", "pause"})
    void explainsItself(String command) {
        assertEquals(0, console.run(("firmware " + command + " --help").split(" +")), console::err);
        assertTrue(console.out().startsWith("Usage: gatehouse firmware " + command), console.out());
        assertFalse(console.out().contains("%%"), console.out());
    }

    @Test
    void isListedAmongTheCommands() {
        assertEquals(0, console.run("--help"));
        assertTrue(console.out().contains("  firmware "), console.out());
    }
}
