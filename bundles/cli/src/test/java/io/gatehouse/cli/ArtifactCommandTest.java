package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How what a device made comes to whoever asks. */
@Timeout(60)
final class ArtifactCommandTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final String TWO = "dwr/311-a1/00-00-00-00-00-02";
    private static final int RANGE = 256 << 10;

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final SigningKey root = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();

    @TempDir
    private Path folder;

    private FakeDevice one;
    private MakingDevice device;
    private Path out;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        console.signBy(operator, folder);
        one = new FakeDevice(broker, ONE, "world/asia", Trusting.allTo(root, operator, "dwr", "world"));
        device = new MakingDevice(broker, one);
        out = Files.createDirectory(folder.resolve("here")).resolve("capture.pcap");
    }

    @AfterEach
    void leave() {
        one.close();
    }

    @Test
    void listsWhatADeviceKeeps() {
        Sha256 made = device.made(1234, 1);
        assertEquals(0, console.run("artifact", "list", "--to", ONE), console::err);
        assertEquals(
                List.of(
                        "SHA256        SIZE  MADE                      UNTIL",
                        made.hex().substring(0, 12) + "  1234  2026-11-01T12:00:00.000Z  2026-11-01T13:00:00.000Z"),
                console.out().lines().toList());
        assertEquals(0, console.run("artifact", "list", "--to", ONE, "-o", "json"));
        assertEquals(
                made.hex(),
                Json.read(console.out().strip().getBytes(StandardCharsets.UTF_8))
                        .string("sha256"));
    }

    @Test
    void listsWhatAllDevicesOfAScopeKeepAndWhoDidNotSay() {
        device.made(10, 1);
        try (FakeDevice two = new FakeDevice(broker, TWO, "world", Trusting.allTo(root, operator, "dwr", "world"))) {
            new MakingDevice(broker, two).made(20, 2);
            assertEquals(0, console.run("artifact", "list", "--to", "dwr"), console::err);
            assertTrue(console.out().contains(ONE + "  ") && console.out().contains(TWO + "  "), console.out());
            two.answering("artifact.list", message -> Outcome.refused("busy", "later"));
            assertEquals(1, console.run("artifact", "list", "--to", "dwr"));
            assertTrue(console.err().contains(TWO + ": refused  busy: later"), console.err());
            assertTrue(console.out().contains(ONE + "  "), console.out());
        }
    }

    @Test
    void getsAllOfItAndNothingElse() throws IOException {
        Sha256 made = device.made(3 * RANGE + 1000, 1);
        assertEquals(0, get(made.hex().substring(0, 6)), console::err);
        assertEquals(out + "\n", console.out());
        assertArrayEquals(device.bytes(made), Files.readAllBytes(out));
        assertEquals(List.of(out), files());
        assertEquals(List.of(0L, (long) RANGE, 2L * RANGE, 3L * RANGE), device.offsets());
    }

    @Test
    void writesWhereItIsStartedUnlessAFileIsNamed() throws IOException {
        Sha256 made = device.made(0, 1);
        Path here = Path.of(made.hex().substring(0, 12));
        try {
            assertEquals(0, console.run("artifact", "get", made.hex(), "--to", ONE, "-o", "json"), console::err);
            assertEquals(0, Files.size(here), "an empty one, too");
            assertEquals(
                    here.toString(),
                    Json.read(console.out().strip().getBytes(StandardCharsets.UTF_8))
                            .string("file"));
        } finally {
            Files.deleteIfExists(here);
        }
    }

    @Test
    void asksAgainForWhatDoesNotCome() throws IOException {
        Sha256 made = device.made(2 * RANGE, 1);
        Set<String> lost = new HashSet<>(Set.of("65536", "262144", "458752"));
        device.line((broker, chunk) -> {
            if (!lost.remove(chunk.properties().first("offset").orElseThrow())) {
                broker.publish(chunk);
            }
        });
        assertEquals(0, get(made.hex(), "--timeout", "1s"), console::err);
        assertArrayEquals(device.bytes(made), Files.readAllBytes(out));
        assertEquals(List.of(0L, (long) RANGE), device.offsets().subList(0, 2));
        assertEquals(Set.of(65_536L, (long) RANGE), Set.copyOf(device.offsets().subList(2, 4)));
    }

    @Test
    void takesChunksInAnyOrderTwiceAndNoneThatWasNotAskedFor() throws IOException {
        Sha256 made = device.made(RANGE, 1);
        Message[] before = new Message[1];
        device.line((broker, chunk) -> {
            broker.publish(MakingDevice.chunk(asked(chunk), -1, RANGE, new byte[100]));
            broker.publish(MakingDevice.chunk(asked(chunk), RANGE - 50, RANGE, new byte[100]));
            broker.publish(MakingDevice.chunk(asked(chunk), 0, RANGE + 1, new byte[100]));
            broker.publish(Message.bytes(chunk.topic(), new byte[10])
                    .answering(chunk.correlation().orElseThrow()));
            if (before[0] == null) {
                before[0] = chunk;
            } else {
                broker.publish(chunk);
                broker.publish(chunk);
                broker.publish(before[0]);
                before[0] = null;
            }
        });
        assertEquals(0, get(made.hex()), console::err);
        assertArrayEquals(device.bytes(made), Files.readAllBytes(out));
    }

    @Test
    void goesOnAfterABreakFromWhatCame() throws IOException {
        Sha256 made = device.made(2 * RANGE, 1);
        AtomicInteger chunks = new AtomicInteger();
        device.line((broker, chunk) -> {
            if (chunks.incrementAndGet() <= 5) {
                broker.publish(chunk);
            }
        });
        assertEquals(3, get(made.hex(), "--timeout", "1s"));
        assertTrue(console.err().contains("327680 of 524288 bytes are in " + part(made)), console.err());
        assertFalse(Files.exists(out));
        device.line(MemoryBroker::publish);
        device.offsets().clear();
        assertEquals(0, get(made.hex()), console::err);
        assertTrue(console.err().contains("going on after 327680 of 524288 bytes"), console.err());
        assertEquals(327_680L, device.offsets().get(0));
        assertArrayEquals(device.bytes(made), Files.readAllBytes(out));
        assertEquals(List.of(out), files());
    }

    @Test
    void readsAllAgainWhereWhatCameBeforeIsDamaged() throws IOException {
        Sha256 made = device.made(RANGE + 10, 1);
        Files.write(part(made), new byte[1000]);
        assertEquals(0, get(made.hex()), console::err);
        assertArrayEquals(device.bytes(made), Files.readAllBytes(out));
        assertTrue(
                device.offsets().containsAll(List.of(1000L, 0L)),
                device.offsets().toString());
        Files.delete(out);
        Files.write(part(made), new byte[2 * RANGE]);
        assertEquals(0, get(made.hex()), console::err);
        assertArrayEquals(device.bytes(made), Files.readAllBytes(out));
    }

    @Test
    void throwsAwayWhatHashesToSomethingElse() throws IOException {
        Sha256 made = device.made(1000, 1);
        device.damage(made);
        assertEquals(1, get(made.hex()));
        assertTrue(console.err().contains("what came for " + made + " hashes to "), console.err());
        assertEquals(List.of(), files());
    }

    @Test
    void writesOverAFileOnlyByForce() throws IOException {
        Sha256 made = device.made(1000, 1);
        Files.writeString(out, "mine");
        int before = broker.published().size();
        assertEquals(2, get(made.hex()));
        assertEquals("gatehouse: " + out + " is there: give another --out, or --force\n", console.err());
        assertEquals(before, broker.published().size(), "nobody was asked");
        assertEquals("mine", Files.readString(out));
        assertEquals(0, get(made.hex(), "--force"), console::err);
        assertArrayEquals(device.bytes(made), Files.readAllBytes(out));
        assertEquals(2, console.run("artifact", "get", made.hex(), "--to", ONE, "--force", "--out", "" + folder));
        assertTrue(console.err().contains("is a folder"), console.err());
    }

    @Test
    void doesNotWriteOverAFileThatCameMeanwhile() throws IOException {
        Sha256 made = device.made(1000, 1);
        device.line((broker, chunk) -> {
            try {
                Files.writeString(out, "mine");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            broker.publish(chunk);
        });
        assertEquals(2, get(made.hex()));
        assertEquals("mine", Files.readString(out));
        assertTrue(Files.exists(part(made)), "and what came is not lost");
    }

    @Test
    void leavesAPartAloneThatAnotherWrites() throws IOException {
        Sha256 made = device.made(1000, 1);
        try (RandomAccessFile other = new RandomAccessFile(part(made).toFile(), "rw");
                FileLock lock = other.getChannel().lock()) {
            assertTrue(lock.isValid());
            assertEquals(2, get(made.hex()));
            assertTrue(console.err().contains("another gatehouse is writing " + part(made)), console.err());
        }
    }

    @Test
    void saysWhatIsWrongWithADigestThatNamesNotOne() {
        Sha256 made = device.made(1000, 1);
        assertEquals(2, get("capture"));
        assertTrue(console.err().contains("not a SHA-256, nor at least 4 lower-case hex digits"), console.err());
        assertEquals(1, get(made.hex().startsWith("ffff") ? "0000" : "ffff"));
        assertTrue(console.err().contains(ONE + " keeps nothing that it made as "), console.err());
        String twin = made.hex().substring(0, 63) + (made.hex().endsWith("0") ? "1" : "0");
        one.answering(
                "artifact.list",
                message -> Outcome.done(Map.of(
                        "artifacts",
                        List.of(Map.of("sha256", made.hex(), "size", 1), Map.of("sha256", twin, "size", 1)))));
        assertEquals(2, get(made.hex().substring(0, 63)));
        assertTrue(console.err().contains("2 artifacts of " + ONE + " begin with "), console.err());
        one.answering("artifact.list", message -> Outcome.done(Map.of("artifacts", List.of(Map.of("sha256", "x")))));
        assertEquals(1, get(made.hex()));
        assertTrue(console.err().contains("the list of " + ONE + " is not understood"), console.err());
    }

    @Test
    void asksForOneDeviceWhereSeveralAreMeant() {
        Sha256 made = device.made(1000, 1);
        try (FakeDevice two = new FakeDevice(broker, TWO, "world", Trusting.allTo(root, operator, "dwr", "world"))) {
            new MakingDevice(broker, two).made(1000, 1);
            assertEquals(2, console.run("artifact", "get", made.hex(), "--to", "dwr/311-a1", "--out", out.toString()));
            assertTrue(console.err().contains("2 devices are under dwr/311-a1: name the one"), console.err());
        }
    }

    @Test
    void endsWithWhatTheDeviceRefuses() {
        Sha256 made = device.made(2 * RANGE, 1);
        one.answering("artifact.read", message -> Outcome.failed("wrong-digest", "flash"));
        assertEquals(1, get(made.hex()));
        assertTrue(console.err().contains(ONE + ": artifact.read failed, wrong-digest: flash"), console.err());
        one.answering("artifact.list", message -> Outcome.refused("busy", "a change goes on"));
        assertEquals(1, get(made.hex()));
        assertTrue(console.err().contains(ONE + ": artifact.list refused, busy: a change goes on"), console.err());
    }

    @Test
    void hasADeviceForgetOne() {
        Sha256 made = device.made(1000, 1);
        Sha256 other = device.made(1000, 2);
        assertEquals(0, console.run("artifact", "forget", made.hex().substring(0, 8), "--to", ONE), console::err);
        assertEquals("forgotten: " + made + "\n", console.out());
        assertFalse(device.keeps(made));
        assertTrue(device.keeps(other));
    }

    private int get(String prefix, String... more) {
        List<String> words = Stream.concat(
                        Stream.of("artifact", "get", prefix, "--to", ONE, "--out", out.toString()), Arrays.stream(more))
                .toList();
        return console.run(words.toArray(String[]::new));
    }

    private Path part(Sha256 made) {
        return out.resolveSibling("capture.pcap." + made.hex().substring(0, 12) + ".part");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("here"))) {
            return files.toList();
        }
    }

    /** As if it were the command that a chunk answers. */
    private static Message asked(Message chunk) {
        return Message.json("cmd", new byte[0])
                .answeredAt(chunk.topic(), chunk.correlation().orElseThrow());
    }
}
