package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs of the command, against a broker and devices in this process. */
final class GatehouseTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final String TWO = "dwr/311-a1/00-00-00-00-00-02";

    private final MemoryBroker broker = new MemoryBroker();
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private final SigningKey root = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();
    private FakeDevice one;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        Path key = folder.resolve("operator.key");
        operator.write(key);
        environment.put("GATEHOUSE_KEY", key.toString());
        environment.put("GATEHOUSE_BROKER", MemoryBroker.ADDRESS.toString());
        one = new FakeDevice(broker, ONE, "world/asia/taiwan", trusting());
    }

    @AfterEach
    void leave() {
        one.close();
    }

    @Test
    void listsDevicesInATable() {
        assertEquals(0, run("devices"));
        List<String> lines = out().lines().toList();
        assertEquals("DEVICE                        STATE   PLACE              RUNTIME", lines.get(0));
        assertEquals("dwr/311-a1/00-00-00-00-00-01  online  world/asia/taiwan  0.1.0", lines.get(1));
    }

    @Test
    void listsDevicesOfAPlaceAsJson() {
        assertEquals(0, run("devices", "world/asia", "-o", "json"));
        assertEquals(ONE, json(out().strip()).string("device"));
        out.reset();
        assertEquals(0, run("devices", "world/europe", "-o", "json"));
        assertEquals("", out());
    }

    @Test
    void saysInVainThatNoDeviceCame() {
        MemoryBroker empty = new MemoryBroker();
        assertEquals(3, run(empty, "devices", "--wait", "--timeout", "1s"));
        assertEquals("gatehouse: no device came online within 1 s at memory://broker\n", err());
    }

    @Test
    void showsTheResultOfACommandAndSendsTypedArguments() {
        one.answering("ping", message -> {
            Members arguments = Json.read(message.payload());
            return Outcome.done(Map.of("count", arguments.integer("count", 0, 9), "host", arguments.string("host")));
        });
        assertEquals(0, run("cmd", "ping", "host=10.0.0.1", "count=3", "--to", ONE));
        assertTrue(out().contains("host   10.0.0.1\n") && out().contains("count  3\n"), out());
    }

    @Test
    void showsWhatAProgramSaysAsItComesAndInTheResultAsItIs() {
        one.noting("one\ntw", "o\n", "o\n", "\033[2Jend")
                .answering("exec", message -> Outcome.done(Map.of("output", "one\ntwo\no\n\033[2Jend")));
        assertEquals(0, run("cmd", "exec", "--to", ONE));
        assertEquals("one\ntwo\no\n\ufffd[2Jend\n", err());
        assertEquals("one\ntwo\no\n\ufffd[2Jend\n", out());
    }

    @Test
    void saysWhoNotesWhatInAGroupAndShowsALongProblemOfOneByItsLines() {
        one.answering("ping", message -> Outcome.failed("timed-out", "it said:\n\tno\033"));
        try (FakeDevice two = new FakeDevice(broker, TWO, "world/asia/japan", trusting())) {
            two.answering("ping", message -> Outcome.done(Map.of()));
            assertEquals(1, run("cmd", "ping", "--to", "dwr/311-a1"));
        }
        assertTrue(err().contains(ONE + ": half way\n"), err());
        assertTrue(out().contains("timed-out: it said:  no\ufffd\n"), out());
        out.reset();
        assertEquals(1, run("cmd", "ping", "--to", ONE));
        assertEquals("failed  timed-out: it said:\n\tno\ufffd\n", out());
    }

    @Test
    void sendsCommandsThatExpireWithACorrelationOfTheirOwn() {
        one.answering("ping", message -> Outcome.done(Map.of()));
        assertEquals(0, run("cmd", "ping", "--to", ONE, "--timeout", "7s"));
        Message command = broker.published().stream()
                .filter(message -> message.topic().endsWith("/cmd/ping"))
                .findFirst()
                .orElseThrow();
        assertEquals(16, command.correlation().orElseThrow().length);
        assertEquals(7, command.expiry().orElseThrow().toSeconds());
        assertEquals(Optional.of("true"), command.properties().first("progress"));
        assertTrue(command.responseTopic().orElseThrow().startsWith("reply/"));
    }

    @Test
    void exitsWithOneWhenTheDeviceRefuses() {
        one.answering("reboot", message -> Outcome.refused("busy", "a change goes on"));
        assertEquals(1, run("cmd", "reboot", "--to", ONE));
        assertTrue(out().contains("refused  busy: a change goes on"), out());
    }

    @Test
    void exitsWithThreeWhenNobodyAnswers() {
        assertEquals(3, run("cmd", "silence", "--to", ONE, "--timeout", "1s"));
        assertTrue(err().contains("no end of silence within 1 s from " + ONE), err());
    }

    @Test
    void showsTheAnswersOfAGroupInATable() {
        one.answering("ping", message -> Outcome.done(Map.of("ok", true)));
        try (FakeDevice two = new FakeDevice(broker, TWO, "world/asia/japan", trusting())) {
            two.answering("ping", message -> Outcome.failed("unreachable", "10.0.0.1"));
            assertEquals(1, run("cmd", "ping", "--to", "dwr/311-a1"));
        }
        assertTrue(out().contains(ONE + "  done    true"), out());
        assertTrue(out().contains(TWO + "  failed        unreachable: 10.0.0.1"), out());
        assertTrue(err().contains(TWO + "  failed  unreachable: 10.0.0.1\n"), err());
    }

    @Test
    void writesTheAnswersOfAGroupAsOneObjectEach() {
        one.answering("ping", message -> Outcome.done(Map.of("ok", true)));
        try (FakeDevice two = new FakeDevice(broker, TWO, "world/asia/japan", trusting())) {
            two.answering("ping", message -> Outcome.failed("unreachable", "10.0.0.1"));
            assertEquals(1, run("cmd", "ping", "--to", "dwr/311-a1", "-o", "json"));
        }
        Set<String> devices =
                out().lines().map(line -> json(line).string("device")).collect(Collectors.toSet());
        assertEquals(Set.of(ONE, TWO), devices);
        assertEquals(2, out().lines().count());
        assertEquals("", err());
    }

    @Test
    void drawsTheTableOfAGroupWhileItFills() {
        one.answering("ping", message -> Outcome.done(Map.of("ok", true)));
        try (FakeDevice two = new FakeDevice(broker, TWO, "world/asia/japan", trusting())) {
            two.answering("ping", message -> Outcome.done(Map.of("ok", false)));
            assertEquals(0, runOn(new Screen.Terminal(120, false), "cmd", "ping", "--to", "dwr/311-a1"));
        }
        List<String> drawn = List.of(out().split("\033\\[[0-9]+F\033\\[J"));
        assertEquals(
                List.of("DEVICE                        STATE", ONE + "  …", TWO + "  …"),
                drawn.get(0).lines().toList());
        assertTrue(drawn.stream().anyMatch(table -> table.contains("[##########..........]  50 %  half way")), out());
        assertTrue(drawn.get(drawn.size() - 1).startsWith("DEVICE                        STATE  OK\n"), out());
        assertEquals("", err());
    }

    @Test
    void saysWhatIsAwaitedOfADeviceThatTakesLonger() throws Exception {
        one.holding("tunnel.close");
        AtomicInteger status = new AtomicInteger(-1);
        Thread command = new Thread(() -> status.set(run("tunnel", "close", ONE, "t1")), "command");
        command.start();
        await().until(() -> one.holds("tunnel.close") && err().contains("waiting for " + ONE + ": tunnel.close\n"));
        one.end("tunnel.close", Outcome.done(Map.of()));
        command.join(30_000);
        assertEquals(0, status.get());
        assertEquals("closed\n", out());
    }

    @Test
    void refusesArgumentsItCannotRead() {
        assertEquals(2, run("cmd", "ping", "host", "--to", ONE));
        assertEquals("gatehouse: not an argument: host; write name=value, or name:=json\n", err());
    }

    @Test
    void showsTheStatusOfADeviceWithItsBundles() throws IOException {
        Path jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0");
        assertEquals(0, run("install", jar.toString(), "--to", ONE));
        out.reset();
        assertEquals(0, run("status", ONE));
        assertTrue(out().contains("a:hello:1  1.0.0    active"), out());
        assertTrue(out().contains("features  applied"), out());
    }

    @Test
    void exitsWithThreeWhereNothingIsKnownOfADevice() {
        assertEquals(3, run("status", "a/b/c"));
        assertTrue(err().contains("nothing is known of a/b/c"), err());
    }

    @Test
    void watchesWhatIsSaid() {
        assertEquals(0, run("watch", "--count", "1"));
        assertTrue(out().contains(ONE + "  status  "), out());
    }

    @Test
    void exitsWithFourWhereTheBrokerCannotBeReached() {
        assertEquals(4, run("devices", "--broker", "memory://nowhere"));
        assertEquals("gatehouse: cannot connect to memory://nowhere: unknown host\n", err());
    }

    @Test
    void namesTheRemedyWhereThereIsNoBroker() {
        environment.clear();
        assertEquals(2, run("devices"));
        assertTrue(err().contains("start one with ./dev up"), err());
    }

    @Test
    void namesTheFaultInAScopeOrAnAddress() {
        assertEquals(2, run("devices", "dwr/+"));
        assertTrue(err().contains("level \"+\" must be"), err());
        err.reset();
        assertEquals(2, run("devices", "--broker", "localhost:1883"));
        assertTrue(err().contains("write it as tcp://host:1883"), err());
        err.reset();
        assertEquals(2, run("devices", "--broker", "amqp://host"));
        assertTrue(err().contains("nothing here speaks to amqp://host"), err());
    }

    @Test
    void printsNoPasswordWhateverGoesWrong() {
        String secret = "memory://me:s3cret@";
        assertEquals(0, run("devices", "world/nowhere", "-v", "--broker", secret + "broker"));
        assertTrue(err().contains("no devices"), err());
        assertEquals(4, run("devices", "-v", "--broker", secret + "nowhere"));
        assertEquals(2, run("devices", "-v", "--broker", secret + "bro ker"));
        assertEquals(2, run("devices", "-v", "--broker", "amqp://me:s3cret@broker"));
        assertEquals(3, run("status", "a/b/c", "-v", "--broker", secret + "broker"));
        assertEquals(3, run("cmd", "ping", "--to", "a/b", "-v", "--broker", secret + "broker"));
        environment.put("GATEHOUSE_BROKER", secret + "broker/path");
        assertEquals(2, run("devices", "-v"));
        assertFalse((out() + err()).contains("s3cret"), err());
    }

    @Test
    void takesThePasswordFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "s3cret\n");
        assertEquals(
                0, run("devices", "--broker", "memory://me@broker", "--password-file", file.toString()), this::err);
        assertEquals(
                "me:s3cret", broker.opened().get(broker.opened().size() - 1).getUserInfo());
        assertEquals(2, run("devices", "--broker", "memory://broker", "--password-file", file.toString()));
        assertTrue(err().contains("names no user: write it as memory://user@broker"), err());
        err.reset();
        assertEquals(2, run("devices", "--password-file", folder.resolve("none").toString()));
        assertTrue(err().contains("no such password file: " + folder.resolve("none")), err());
    }

    @Test
    void guessesWhichCommandWasMeant() {
        assertEquals(2, run("instal"));
        assertEquals(
                "gatehouse: no such command or option: instal; did you mean install?\nSee gatehouse --help\n", err());
    }

    @Test
    void helpsWithACommandThatHasAVersionOfItsOwn() {
        assertEquals(0, run("runtime", "install", "--help"), this::err);
        assertTrue(out().contains("--version=VERSION"), out());
    }

    @Test
    void showsExamplesInTheHelpOfEachCommand() {
        Set<String> commands = Gatehouse.commandNames(surroundings(broker));
        assertTrue(commands.containsAll(List.of("configure", "runtime", "ca", "acl")), commands::toString);
        for (String command : commands) {
            out.reset();
            assertEquals(0, run(command, "--help"));
            String examples = out().substring(out().indexOf("Examples:\n"));
            assertTrue(examples.contains("gatehouse " + command), out());
        }
    }

    private Trusting trusting() {
        return Trusting.allTo(root, operator, "dwr", "world");
    }

    private int run(String... args) {
        return run(broker, args);
    }

    private int run(MemoryBroker at, String... args) {
        return Gatehouse.run(surroundings(at), args);
    }

    private int runOn(Screen.Terminal terminal, String... args) {
        return Gatehouse.run(surroundings(broker, terminal), args);
    }

    private Surroundings surroundings(MemoryBroker at) {
        return surroundings(at, Screen.Terminal.NONE);
    }

    private Surroundings surroundings(MemoryBroker at, Screen.Terminal terminal) {
        return new Surroundings(
                environment,
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                List.of(at),
                Clock.systemUTC());
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static Members json(String line) {
        return Json.read(line.getBytes(StandardCharsets.UTF_8));
    }
}
