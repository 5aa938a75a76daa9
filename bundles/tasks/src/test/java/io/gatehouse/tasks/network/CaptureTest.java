package io.gatehouse.tasks.network;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureTest {
    @TempDir
    Path folder;

    private FileArtifacts artifacts;
    private Capture capture;

    @BeforeEach
    void make() {
        artifacts = new FileArtifacts(folder, 1 << 20);
        capture = new Capture(new Settings(true, 4 << 20, 300), artifacts);
    }

    @Test
    void keepsThePacketsThatItsFilterWantsAsAnArtifact() throws Exception {
        assumeTcpdump();
        try (Talk talk = new Talk()) {
            Asked asked = Asked.with(
                    Map.of("interface", "lo", "filter", "udp port " + talk.port(), "packets", 5, "seconds", 60));
            Map<String, ?> result = done(capture.handle(asked));
            assertEquals("lo", result.get("interface"));
            assertEquals("udp port " + talk.port(), result.get("filter"));
            assertEquals(5, result.get("packets"));
            assertEquals(0L, result.get("dropped"));
            assertEquals("packets", result.get("endedBy"));
            assertTrue((double) result.get("seconds") > 0);
            Map<?, ?> artifact = (Map<?, ?>) result.get("artifact");
            Path kept = folder.resolve(artifact.get("sha256").toString());
            assertEquals(Files.size(kept), artifact.get("size"));
            List<String> read = read(kept);
            assertEquals(5, read.size(), read.toString());
            assertTrue(
                    read.stream().allMatch(line -> line.contains("127.0.0.1." + talk.port() + ": UDP, length 1000")),
                    read::toString);
            assertEquals(
                    List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0).get(5),
                    asked.ratios().get(asked.ratios().size() - 1));
            assertEquals(0, artifacts.open());
        }
    }

    @Test
    void endsWhereTheFileIsFullWithWholePackets() throws Exception {
        assumeTcpdump();
        try (Talk talk = new Talk()) {
            Map<String, ?> result = done(capture.handle(Asked.with(Map.of(
                    "interface",
                    "lo",
                    "filter",
                    "udp port " + talk.port(),
                    "bytes",
                    2000,
                    "snap",
                    60,
                    "seconds",
                    60))));
            assertEquals("bytes", result.get("endedBy"));
            assertInstanceOf(Long.class, result.get("dropped"), "tcpdump says it at its end");
            Map<?, ?> artifact = (Map<?, ?>) result.get("artifact");
            long size = (long) artifact.get("size");
            assertTrue(size <= 2000 && size > 2000 - 76, result::toString);
            assertEquals(
                    result.get("packets"),
                    read(folder.resolve(artifact.get("sha256").toString())).size());
        }
    }

    @Test
    void keepsNoMoreThanThereIsRoomFor() throws Exception {
        assumeTcpdump();
        Capture narrow = new Capture(new Settings(true, 4 << 20, 300), new FileArtifacts(folder, 1100));
        try (Talk talk = new Talk()) {
            Map<String, ?> result =
                    done(narrow.handle(Asked.with(Map.of("interface", "lo", "filter", "udp", "seconds", 60))));
            assertEquals("bytes", result.get("endedBy"));
            assertTrue((long) ((Map<?, ?>) result.get("artifact")).get("size") <= 1100, result.toString());
            assertTrue(talk.port() > 0);
        }
    }

    @Test
    void endsWhenItsTimeIsOverAlsoWithoutAnyPacket() throws Exception {
        assumeTcpdump();
        Map<String, ?> result = done(capture.handle(
                Asked.with(Map.of("interface", "any", "filter", "udp and host 192.0.2.77", "seconds", 1))));
        assertEquals("seconds", result.get("endedBy"));
        assertEquals(0, result.get("packets"));
        assertEquals(0L, result.get("dropped"));
        assertEquals(24L, ((Map<?, ?>) result.get("artifact")).get("size"));
    }

    @Test
    void refusesAWrongFilterInTheWordsOfTcpdump() throws Exception {
        assumeTcpdump();
        for (String filter : List.of("foo bar", "-w /tmp/x", "udp port")) {
            Outcome.Refused refused = assertInstanceOf(
                    Outcome.Refused.class, capture.handle(Asked.with(Map.of("interface", "lo", "filter", filter))));
            assertEquals("bad-filter", refused.problem().type(), refused::toString);
            assertTrue(refused.problem().detail().endsWith(" (" + filter + ")"), refused::toString);
            assertTrue(refused.problem().detail().startsWith("tcpdump: "), refused::toString);
        }
        assertEquals(0, artifacts.begun());
    }

    @Test
    void isNotPermittedUnlessItIsSet() throws Exception {
        Settings asShipped = new Settings(
                (boolean) Capture.Config.class
                        .getDeclaredMethod("capturePermitted")
                        .getDefaultValue(),
                4 << 20,
                300);
        Outcome.Refused refused =
                (Outcome.Refused) new Capture(asShipped, artifacts).handle(Asked.with(Map.of("interface", "lo")));
        assertEquals("not-permitted", refused.problem().type());
        assertTrue(refused.problem().detail().endsWith("configuration io.gatehouse.tasks: capturePermitted"));
        assertEquals(0, artifacts.begun());
    }

    @Test
    void namesThePackageWhereThereIsNoProgram() throws Exception {
        Outcome.Refused refused =
                (Outcome.Refused) capture(Optional::empty).handle(Asked.with(Map.of("interface", "lo")));
        assertEquals("unavailable", refused.problem().type());
        assertTrue(refused.problem().detail().contains("package tcpdump"));
    }

    @Test
    void keepsNothingWhereTheProgramFails() throws Exception {
        Path file = folder.resolve("script");
        Files.writeString(file, "#!/bin/sh\n[ \"$1\" = -d ] && exit 0\necho 'tcpdump: lo: You may not' >&2; exit 1\n");
        assertTrue(file.toFile().setExecutable(true));
        Outcome.Failed failed = (Outcome.Failed) capture(() -> Optional.of(Program.of(List.of(file.toString()))))
                .handle(Asked.with(Map.of("interface", "lo")));
        assertEquals("not-captured", failed.problem().type());
        assertEquals(
                "tcpdump at lo ended with code 1: tcpdump: lo: You may not",
                failed.problem().detail());
        assertEquals(0, artifacts.kept());
        assertEquals(0, artifacts.open());
    }

    @Test
    void endsTheProgramAndKeepsNothingWhenItIsCancelled() throws Exception {
        assumeTcpdump();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Asked asked = Asked.with(Map.of("interface", "lo", "seconds", 300, "packets", 1_000_000));
        Thread caller = new Thread(() -> {
            try {
                capture.handle(asked);
            } catch (Exception e) {
                thrown.set(e);
            }
        });
        caller.start();
        await().until(() -> tcpdumps(caller) == 1 && artifacts.begun() == 1);
        caller.interrupt();
        caller.join(10_000);
        assertInstanceOf(InterruptedException.class, thrown.get());
        assertEquals(0, tcpdumps(caller));
        assertEquals(0, artifacts.kept());
        assertEquals(0, artifacts.open());
    }

    @Test
    void refusesWhatIsOutOfItsBounds() {
        Capture small = new Capture(new Settings(true, 5000, 10), artifacts);
        for (Map<String, ?> wrong : List.<Map<String, ?>>of(
                Map.of(),
                Map.of("interface", "nosuch0"),
                Map.of("interface", "-i"),
                Map.of("interface", "lo;id"),
                Map.of("interface", "lo", "bytes", 5001),
                Map.of("interface", "lo", "seconds", 11),
                Map.of("interface", "lo", "packets", 0),
                Map.of("interface", "lo", "snap", 65536),
                Map.of("interface", "lo", "filter", "tcp\0"),
                Map.of("interface", "lo", "filter", "a".repeat(1001)))) {
            assertThrows(BadArgument.class, () -> small.handle(Asked.with(wrong)), wrong::toString);
        }
        BadArgument e = assertThrows(BadArgument.class, () -> small.handle(Asked.with(Map.of("interface", "nosuch0"))));
        assertTrue(
                e.getMessage().matches("interface must be an interface of this device \\(.*\\blo\\b.*\\): nosuch0"),
                e.getMessage());
    }

    @Test
    void refusesAStreamThatIsNoCapture() {
        IOException e = assertThrows(
                IOException.class, () -> new PcapFile(OutputStream.nullOutputStream(), 100).take(new byte[24], 24));
        assertEquals("tcpdump writes no pcap file", e.getMessage());
        assertFalse(Tcpdump.dropped("nothing said").isPresent());
        assertEquals(
                3,
                Tcpdump.dropped("1 packet dropped by kernel\n2 packets dropped by interface\n")
                        .orElseThrow());
    }

    private Capture capture(Supplier<Optional<Program>> found) {
        return new Capture(new Settings(true, 4 << 20, 300), artifacts, found);
    }

    private static void assumeTcpdump() throws IOException, InterruptedException {
        Optional<Program> tcpdump = Program.find("tcpdump");
        assumeTrue(tcpdump.isPresent(), "there is no tcpdump");
        assumeTrue(tcpdump.get().with("-d", "-i", "lo").run().isWell(), "tcpdump needs root");
    }

    /** Those that capture at lo for this test, and not those that check a filter. */
    private static long tcpdumps(Thread caller) {
        assertTrue(caller.getId() > 0);
        return ProcessHandle.current()
                .children()
                .filter(process -> process.info().commandLine().orElse("").contains("-c 1000000"))
                .count();
    }

    /** One line for each packet, by tcpdump itself. */
    private static List<String> read(Path file) throws IOException, InterruptedException {
        Ended ended = Program.find("tcpdump")
                .orElseThrow()
                .with("-n", "-r", file.toString())
                .errorsApart()
                .run();
        assertTrue(ended.isWell(), ended.errors()::text);
        return ended.output().text().lines().toList();
    }

    private static Map<String, ?> done(Outcome outcome) {
        return assertInstanceOf(Outcome.Done.class, outcome, outcome::toString).result();
    }

    /** Sends packets of 1000 bytes to itself. */
    private static final class Talk implements AutoCloseable {
        private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));

        Talk() throws IOException {
            Thread thread = new Thread(this::talk, "test-talk");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return socket.getLocalPort();
        }

        private void talk() {
            byte[] bytes = new byte[1000];
            try {
                while (true) {
                    socket.send(new DatagramPacket(bytes, bytes.length, socket.getLocalSocketAddress()));
                    socket.receive(new DatagramPacket(new byte[1000], 1000));
                }
            } catch (IOException e) {
                socket.close(); // the test is over
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** What a configuration says. */
    @SuppressWarnings("ClassExplicitlyAnnotation") // as Declarative Services makes them
    private record Settings(boolean capturePermitted, long captureBytes, int captureSeconds) implements Capture.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Capture.Config.class;
        }
    }
}
