package io.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A shell over MQTT: with what is piped in, and at a real terminal that {@code script} makes. */
@Timeout(180)
final class StreamedShellTest {
    private static final String ONE = ShellOverMemory.DEVICE;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final SigningKey root = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final Map<String, Object> attestation = new HashMap<>();
    private final FakeTerminal terminal = new FakeTerminal(broker, ONE, attestation);

    @TempDir
    private Path folder;

    private FakeDevice device;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        console.signBy(operator, folder);
        console.environment().put("TERM", "vt220");
        device = new FakeDevice(broker, ONE, "world/asia", Trusting.allTo(root, operator, "dwr", "world"))
                .answering("terminal.stream", terminal::open)
                .answering("terminal.close", this::close);
    }

    @AfterEach
    void leave() {
        terminal.close();
        device.close();
    }

    @Test
    void typesWhatIsPipedInAndReturnsTheExitStatus() {
        console.in("say grüße\nexit 5\n".getBytes(UTF_8));
        assertEquals(5, run("--ttl", "2h"), console::err);
        assertTrue(console.out().contains("<grüße>\r\n"), console.out());
        assertEquals(1, console.err().split("over MQTT: slower than through a tunnel\n", -1).length - 1, console.err());
        assertTrue(console.err().contains("the broker is believed that this is " + ONE), console.err());
        assertEquals("vt220", terminal.asked().string("term"));
        assertEquals("shell", terminal.asked().string("mode"));
        assertEquals("PT2H", terminal.asked().string("ttl"));
        assertEquals(80, terminal.asked().integer("columns", 1, 1000));
        assertEquals(List.of(FakeTerminal.ID), closed);
        await().atMost(SOON).until(() -> threads() == 0);
    }

    @Test
    void endsWithItsInputAlsoWhereTheLastLineIsNotEnded() {
        console.in("say 42-is-it".getBytes(UTF_8));
        assertEquals(0, run("--gogo"), console::err);
        assertTrue(console.out().contains("<42-is-it>"), console.out());
        assertEquals("gogo", terminal.asked().string("mode"));
    }

    @Test
    void saysWhyTheDeviceClosedTheTerminal() {
        console.in("close ttl\n".getBytes(UTF_8));
        assertEquals(255, run(), console::err);
        assertTrue(console.err().endsWith("the terminal was closed: ttl\n"), console.err());
    }

    @Test
    void asksAgainAtOnceWhenTheConnectionIsFoundAgain() throws Exception {
        try (PipedOutputStream keys = new PipedOutputStream()) {
            console.in(new PipedInputStream(keys));
            AtomicInteger status = new AtomicInteger(-1);
            Thread command = new Thread(() -> status.set(run()), "command");
            command.start();
            keys.write("say one\n".getBytes(UTF_8));
            keys.flush();
            await().atMost(SOON).until(() -> console.out().contains("<one>"));
            // nothing is left to say until the next sign of life, 15 s later
            await().during(1, TimeUnit.SECONDS).atMost(SOON).until(this::framesIn, frames -> frames == framesIn());
            int before = framesIn();
            broker.reconnect();
            await().atMost(5, TimeUnit.SECONDS).until(() -> framesIn() > before);
            keys.write("exit 4\n".getBytes(UTF_8));
            keys.flush();
            command.join(SOON.toMillis());
            assertEquals(4, status.get());
            assertTrue(console.err().contains("connected again to memory://broker\n"), console.err());
        }
    }

    @Test
    void closesTheTerminalWhenItIsInterrupted() throws Exception {
        try (PipedOutputStream keys = new PipedOutputStream()) {
            console.in(new PipedInputStream(keys));
            AtomicInteger status = new AtomicInteger(-1);
            Thread command = new Thread(() -> status.set(run()), "command");
            command.start();
            keys.write("say begun\n".getBytes(UTF_8));
            keys.flush();
            await().atMost(SOON).until(() -> console.out().contains("<begun>"));
            command.interrupt();
            command.join(SOON.toMillis());
            assertEquals(130, status.get());
            assertEquals(List.of(FakeTerminal.ID), closed);
        }
    }

    @Test
    void endsAtOnceWhenTheGatewayWasStartedAnewAndNotWhenItOnlyConnectedAgain() throws Exception {
        try (PipedOutputStream keys = new PipedOutputStream()) {
            console.in(new PipedInputStream(keys));
            AtomicInteger status = new AtomicInteger(-1);
            Thread command = new Thread(() -> status.set(run()), "command");
            command.start();
            device.connectAgain();
            keys.write("say begun\n".getBytes(UTF_8));
            keys.flush();
            await().atMost(SOON).until(() -> console.out().contains("<begun>"));
            device.connectAgain();
            keys.write("say still\n".getBytes(UTF_8));
            keys.flush();
            await().atMost(SOON).until(() -> console.out().contains("<still>"));
            device.startAnew();
            command.join(SOON.toMillis());
            assertEquals(3, status.get(), console::err);
            assertTrue(
                    console.err().contains("the gateway was started anew, and its shells ended with it"),
                    console.err());
        }
    }

    @Test
    void isLeftByTheEscapeAtARawTerminal() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "util-linux' script is missing: /usr/bin/script");
        Process script = atTerminal();
        try {
            awaitSaid("slower than");
            type(script, "say one~.\r~~\r");
            awaitSaid("<one~.>");
            type(script, "say two\r~.");
            assertTrue(script.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
            assertEquals(255, script.exitValue(), said());
            assertTrue(said().contains("left\r\n"), said());
            assertEquals(Files.readString(folder.resolve("before")), Files.readString(folder.resolve("after")));
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
    }

    @Test
    void takesNoOptionOfATunnel() {
        assertEquals(2, run("--relay", "gate@relay.example.com"));
        assertTrue(console.err().contains("--relay is for a tunnel, and --over-mqtt needs none"), console.err());
        assertEquals(2, run("--relay-bind", "127.0.0.1"));
        assertTrue(console.err().contains("--relay-bind is for a tunnel"), console.err());
        assertEquals(2, run("--identity", "id"));
        assertTrue(console.err().contains("--identity is for a tunnel"), console.err());
        assertEquals(List.of(), broker.opened().subList(2, broker.opened().size())); // but for the device's two
    }

    @Test
    void believesNoAnswerThatTheFleetsAuthorityDoesNotVouchFor() throws Exception {
        Path authority = folder.resolve("ca.pem");
        try (var in = StreamedShellTest.class.getResourceAsStream("acme-ca.pem")) {
            Files.write(authority, in.readAllBytes());
        }
        assertEquals(1, run("--fleet-ca", authority.toString()));
        assertTrue(console.err().contains(ONE + " shows nothing that the authority"), console.err());
        attestation.putAll(Map.of("certificate", Files.readString(authority), "signature", "AAAA"));
        assertEquals(1, run("--fleet-ca", authority.toString()));
        assertTrue(console.err().contains("and not from " + ONE), console.err());
        assertEquals(List.of(FakeTerminal.ID, FakeTerminal.ID), closed);
        assertEquals(0, framesIn());
    }

    @Test
    void refusesAKeyOfTheDeviceThatIsNone() {
        device.answering("terminal.stream", message -> Outcome.done(Map.of("id", "s1", "key", "A".repeat(43))));
        assertEquals(1, run());
        assertTrue(console.err().contains("with a key that is none: this X25519 public key agrees"), console.err());
        assertEquals(List.of("s1"), closed);
    }

    @Test
    void holdsASessionAtARawTerminalAndLeavesItAsItWas() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "util-linux' script is missing: /usr/bin/script");
        Process script = atTerminal();
        try {
            awaitSaid("slower than");
            type(script, "size\r");
            awaitSaid("<100 x 40>");
            type(script, "say \003\r"); // Ctrl-C goes to the far side
            awaitSaid("<\003>");
            String tty = Files.readString(folder.resolve("tty")).strip();
            assertEquals(
                    0,
                    new ProcessBuilder("stty", "-F", tty, "rows", "50", "cols", "120")
                            .start()
                            .waitFor());
            await().atMost(SOON).until(() -> {
                type(script, "size\r");
                return said().contains("<120 x 50>");
            });
            type(script, "lose\r");
            awaitSaid("\r\nconnected again to memory://broker\r\n");
            type(script, "exit 9\r");
            assertTrue(script.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
            assertEquals(9, script.exitValue(), said());
            assertFalse(said().replace("\r\n", "").contains("\n"), "a line that began where the last ended: " + said());
            assertEquals(Files.readString(folder.resolve("before")), Files.readString(folder.resolve("after")));
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
    }

    @Test
    void leavesTheTerminalAsItWasAlsoWhenItIsKilled() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "util-linux' script is missing: /usr/bin/script");
        Process script = atTerminal();
        try {
            awaitSaid("slower than");
            type(script, "say begun\r");
            awaitSaid("<begun>");
            script.descendants()
                    .filter(process -> process.info().command().orElse("").endsWith("java"))
                    .forEach(ProcessHandle::destroy);
            assertTrue(script.waitFor(SOON.toSeconds(), TimeUnit.SECONDS));
            assertEquals(143, script.exitValue(), said());
            assertEquals(Files.readString(folder.resolve("before")), Files.readString(folder.resolve("after")));
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
    }

    /** As in a terminal's window: a shell that starts the session, with the terminal's settings written down around it. */
    private Process atTerminal() throws IOException {
        String session = String.join(
                " ",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "'" + System.getProperty("java.class.path") + "'",
                ShellOverMemory.class.getName(),
                folder.resolve("raw.key").toString());
        Path steps = Files.writeString(
                folder.resolve("steps.sh"),
                String.join(
                        "\n",
                        "stty rows 40 cols 100",
                        "tty >" + folder.resolve("tty"),
                        "stty -g >" + folder.resolve("before"),
                        "trap : INT",
                        session,
                        "status=$?",
                        "stty -g >" + folder.resolve("after"),
                        "exit $status",
                        ""));
        return new ProcessBuilder(
                        "script",
                        "-qfec",
                        "sh " + steps,
                        folder.resolve("typescript").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private static void type(Process script, String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(UTF_8));
        script.getOutputStream().flush();
    }

    private void awaitSaid(String text) {
        await().atMost(SOON).untilAsserted(() -> assertTrue(said().contains(text), text + " is not in: " + said()));
    }

    private String said() throws IOException {
        return Files.readString(folder.resolve("said"));
    }

    private int framesIn() {
        return (int) broker.published().stream()
                .filter(message -> message.topic().equals(ONE + "/stream/" + FakeTerminal.ID + "/in"))
                .count();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> List.of("frames", "keys").contains(thread.getName()))
                .count();
    }

    private Outcome close(Message message) {
        closed.add(Json.read(message.payload()).string("id"));
        return Outcome.done(Map.of());
    }

    private int run(String... options) {
        List<String> args = new ArrayList<>(List.of("shell", ONE, "--over-mqtt"));
        args.addAll(List.of(options));
        return console.run(args.toArray(String[]::new));
    }
}
