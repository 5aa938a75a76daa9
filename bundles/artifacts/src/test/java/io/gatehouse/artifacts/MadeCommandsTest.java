package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MadeCommandsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private final byte[] bytes = Making.bytes(150_000, 1);
    private Making making;
    private Artifact artifact;

    @BeforeEach
    void open() throws IOException {
        making = new Making(folder.resolve("made"));
        artifact = making.keep(bytes, HOUR);
    }

    @AfterEach
    void close() {
        making.close();
    }

    @Test
    void readsAllOfItInChunksThatSayWhereTheyBelong() throws Exception {
        Asked asked = Asked.with(Map.of("sha256", artifact.sha256().hex()));
        assertEquals(done(0, 150_000), read(asked));
        assertEquals(
                List.of("0", "65536", "131072"),
                asked.sent().stream()
                        .map(data -> data.properties().get("offset"))
                        .toList());
        assertTrue(asked.sent().stream()
                .allMatch(data -> data.properties().get("size").equals("150000")));
        assertArrayEquals(bytes, joined(asked));
    }

    @Test
    void readsTheRangeAndTheChunksThatAreAskedFor() throws Exception {
        Asked asked =
                Asked.with(Map.of("sha256", artifact.sha256().hex(), "offset", 100_001, "length", 5000, "chunk", 2048));
        assertEquals(done(100_001, 5000), read(asked));
        assertEquals(
                List.of(2048, 2048, 904),
                asked.sent().stream().map(data -> data.bytes().length).toList());
        assertArrayEquals(Arrays.copyOfRange(bytes, 100_001, 105_001), joined(asked));
    }

    @Test
    void endsWhereTheArtifactDoes() throws Exception {
        Asked asked = Asked.with(Map.of("sha256", artifact.sha256().hex(), "offset", 149_990));
        assertEquals(done(149_990, 10), read(asked));
        assertArrayEquals(Arrays.copyOfRange(bytes, 149_990, 150_000), joined(asked));
        assertEquals(
                done(150_000, 0),
                read(Asked.with(Map.of("sha256", artifact.sha256().hex(), "offset", 150_000))));
    }

    @Test
    void refusesWhatLiesBeyondTheEnd() throws Exception {
        Outcome outcome = read(Asked.with(Map.of("sha256", artifact.sha256().hex(), "offset", 150_001)));
        assertEquals(
                Outcome.refused("out-of-range", artifact.sha256() + " has 150000 bytes and none at 150001"), outcome);
    }

    @Test
    void refusesWhatThisDeviceDidNotMake() throws Exception {
        Sha256 bundle = Sha256.of(new byte[1]);
        Files.write(folder.resolve(bundle.hex()), new byte[1]);
        Asked asked = Asked.with(Map.of("sha256", bundle.hex()));
        assertEquals(
                "unknown-artifact", ((Outcome.Refused) read(asked)).problem().type());
        assertEquals(List.of(), asked.sent());
    }

    @Test
    void refusesArgumentsThatWillNotDo() {
        String hex = artifact.sha256().hex();
        for (Map<String, ?> arguments : List.<Map<String, ?>>of(
                Map.of(),
                Map.of("sha256", "../../etc/passwd"),
                Map.of("sha256", hex.toUpperCase(Locale.ROOT)),
                Map.of("sha256", hex, "offset", -1),
                Map.of("sha256", hex, "length", 0),
                Map.of("sha256", hex, "length", ReadCommand.LONGEST + 1),
                Map.of("sha256", hex, "chunk", 65_537),
                Map.of("sha256", hex, "chunk", 1))) {
            assertThrows(BadArgument.class, () -> read(Asked.with(arguments)), arguments.toString());
        }
    }

    @Test
    void sendsNothingOfWhatWasDamaged() throws Exception {
        making.restart();
        Files.write(making.file(artifact.sha256()), new byte[150_000]);
        Asked asked = Asked.with(Map.of("sha256", artifact.sha256().hex()));
        assertEquals(
                "wrong-digest",
                assertThrows(ArtifactUnavailable.class, () -> read(asked)).type());
        assertEquals(List.of(), asked.sent());
    }

    @Test
    void endsWhenItIsInterrupted() {
        Asked asked = Asked.with(Map.of("sha256", artifact.sha256().hex()));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> read(asked));
        assertEquals(List.of(), asked.sent());
        making.restart();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> read(asked), "also while it is hashed");
    }

    @Test
    void listsWhatIsKeptTheNewestFirst() throws IOException {
        making.time().passes(Duration.ofMinutes(1));
        Artifact other = making.keep(new byte[0], Duration.ofMinutes(5));
        Outcome outcome = new ListCommand(making.made()).handle(Asked.with(Map.of()));
        assertEquals(
                Json.read(("{\"artifacts\":[{\"sha256\":\"" + other.sha256()
                                        + "\",\"size\":0,\"made\":\"2026-11-01T12:01:00.000Z\",\"until\":\"2026-11-01T12:06:00.000Z\"},"
                                        + "{\"sha256\":\"" + artifact.sha256()
                                        + "\",\"size\":150000,\"made\":\"2026-11-01T12:00:00.000Z\",\"until\":\"2026-11-01T13:00:00.000Z\"}],"
                                        + "\"bytes\":150000,\"limit\":1048576}")
                                .getBytes(StandardCharsets.UTF_8))
                        .values(),
                Json.read(Json.write(((Outcome.Done) outcome).result())).values());
    }

    @Test
    void forgetsWhatIsNamed() throws Exception {
        ForgetCommand forget = new ForgetCommand(making.made());
        Map<String, ?> arguments = Map.of("sha256", artifact.sha256().hex());
        assertEquals(
                Outcome.done(Map.of("sha256", artifact.sha256().hex(), "bytes", 150_000L)),
                forget.handle(Asked.with(arguments)));
        assertEquals(List.of(), making.files());
        Outcome again = forget.handle(Asked.with(arguments));
        assertEquals("unknown-artifact", ((Outcome.Refused) again).problem().type());
        assertThrows(BadArgument.class, () -> forget.handle(Asked.with(Map.of("sha256", 7))));
    }

    private Outcome read(Asked asked) throws IOException, InterruptedException {
        return new ReadCommand(making.made()).handle(asked);
    }

    private Outcome done(long offset, long length) {
        return Outcome.done(Map.of(
                "sha256", artifact.sha256().hex(), "offset", offset, "length", length, "size", (long) bytes.length));
    }

    private static byte[] joined(Asked asked) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        asked.sent().forEach(data -> all.writeBytes(data.bytes()));
        return all.toByteArray();
    }
}
