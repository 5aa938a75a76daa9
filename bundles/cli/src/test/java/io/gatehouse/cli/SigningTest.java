package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.DemoFile;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By which key messages are signed, and what comes of it. */
final class SigningTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final String WISH = ONE + "/desired/feature/hello";

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final SigningKey root = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();
    private final SigningKey stranger = SigningKey.generate();

    @TempDir
    private Path folder;

    private FakeDevice one;
    private Path key;
    private String jar;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        one = new FakeDevice(broker, ONE, "world/asia/taiwan", Trusting.allTo(root, operator, "dwr", "world"))
                .answering("ping", message -> Outcome.done(Map.of()));
        key = written(operator, "operator.key");
        jar = Jars.bundle(folder.resolve("hello.jar"), "com.example.hello", "1.0.0")
                .toString();
    }

    @AfterEach
    void leave() {
        one.close();
    }

    @Test
    void publishesNothingWithoutAKeyAndSaysWhatToDo() {
        for (List<String> command : List.of(
                List.of("cmd", "ping", "--to", ONE),
                List.of("install", jar, "--to", ONE),
                List.of("install", jar, "--to", ONE, "--dry-run"),
                List.of("install", jar, "--to", ONE, "--no-wait"),
                List.of("remove", "hello", "--from", ONE))) {
            assertEquals(2, console.run(command.toArray(String[]::new)), command.toString());
            assertTrue(console.err().contains("give --key FILE or GATEHOUSE_KEY; gatehouse key new"), console.err());
        }
        assertEquals(1, broker.published().size(), "the device's status alone");
    }

    @Test
    void signsByTheKeyThatIsNamedBeforeTheOneOfTheEnvironment() throws IOException {
        console.environment()
                .put("GATEHOUSE_KEY", written(stranger, "stranger.key").toString());
        assertEquals(0, console.run("cmd", "ping", "--to", ONE, "--key", key.toString()), console::err);
        assertEquals(operator.kid(), kid("cmd/ping"));
        assertEquals(1, console.run("cmd", "ping", "--to", ONE));
        assertEquals(stranger.kid(), kid("cmd/ping"));
    }

    @Test
    void signsByTheUsersOwnKeyWhereNoneIsNamed() {
        console.environment().put("HOME", folder.toString());
        assertEquals(0, console.run("key", "new"), console::err);
        String kid = console.out().strip();
        assertTrue(Files.exists(folder.resolve(".config/gatehouse/operator.key")));
        assertEquals(1, console.run("cmd", "ping", "--to", ONE));
        assertEquals(kid, kid("cmd/ping"));
        console.environment().put("XDG_CONFIG_HOME", folder.resolve("elsewhere").toString());
        assertEquals(2, console.run("cmd", "ping", "--to", ONE));
    }

    @Test
    void signsByTheDemosKeyOnlyForTheDemosDevice() throws IOException {
        new DemoFile(
                        ProcessHandle.current().pid(),
                        MemoryBroker.ADDRESS,
                        ONE,
                        Optional.of("world/asia/taiwan"),
                        Optional.of(key))
                .write(folder);
        console.environment().put(DemoFile.FOLDER, folder.toString());
        for (String scope : List.of(ONE, "dwr", "world/asia")) {
            assertEquals(0, console.run("cmd", "ping", "--to", scope), console::err);
        }
        assertEquals(2, console.run("cmd", "ping", "--to", "dwr/another"));
        assertTrue(console.err().contains("no key to sign with"), console.err());
        assertEquals(2, console.run("cmd", "ping", "--to", ONE, "--broker", "memory://other"));
        assertTrue(console.err().contains("no key to sign with"), console.err());
    }

    @Test
    void refusesAKeyThatOthersMayRead() throws IOException {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(2, console.run("cmd", "ping", "--to", ONE, "--key", key.toString()));
        assertTrue(console.err().contains("chmod 600 " + key), console.err());
    }

    @Test
    void saysWhatHelpsWhereADeviceRefusesACommand() throws IOException {
        String other = written(stranger, "stranger.key").toString();
        assertEquals(1, console.run("cmd", "ping", "--to", ONE, "--key", other));
        assertTrue(
                console.out().contains("refused  unknown-key: version 1 of the trust document has no key "),
                console.out());
        assertTrue(
                console.err().contains("what helps: sign by a key that it trusts (--key FILE), or let"), console.err());
    }

    @Test
    void endsAtOnceWhereADeviceRefusesAWish() throws IOException {
        String other = written(stranger, "stranger.key").toString();
        assertEquals(1, console.run("install", jar, "--to", ONE, "--key", other));
        assertTrue(console.out().contains(ONE + "  refused  unknown-key: "), console.out());
        assertTrue(console.err().contains("what helps: sign by a key that it trusts"), console.err());
    }

    @Test
    void signsACommandForAsLongAsItIsOfUse() {
        assertEquals(0, console.run("cmd", "ping", "--to", ONE, "--key", key.toString(), "--timeout", "90s"));
        ProtectedHeader header = header("cmd/ping");
        Duration life =
                Duration.between(header.iat(), header.command().orElseThrow().exp());
        assertEquals(Duration.ofSeconds(91), life, "and a second for the fraction that iat leaves out");
        assertEquals(0, console.run("cmd", "ping", "--to", ONE, "--key", key.toString(), "--timeout", "24h"));
        assertEquals(2, console.run("cmd", "ping", "--to", ONE, "--key", key.toString(), "--timeout", "25h"));
        assertTrue(console.err().contains("a command is of use for 24 h at most: 90000 s"), console.err());
    }

    @Test
    void signsEachOfTwoWishesOfOneSecondInASecondOfItsOwn() throws IOException {
        String other = Jars.bundle(folder.resolve("other.jar"), "com.example.hello", "2.0.0")
                .toString();
        String[] first = {"install", jar, "--name", "hello", "--to", ONE, "--key", key.toString()};
        String[] second = {"install", other, "--name", "hello", "--to", ONE, "--key", key.toString(), "--no-wait"};
        assertEquals(0, console.run(first), console::err);
        Instant before = header("feature/hello").iat();
        assertEquals(0, console.run(second), console::err);
        assertTrue(header("feature/hello").iat().isAfter(before));
        String[] third = {"remove", "hello", "--from", ONE, "--key", key.toString()};
        assertEquals(0, console.run(third), console::err);
        assertFalse(
                broker.published().stream().anyMatch(message -> message.topic().endsWith("event/security")));
    }

    @Test
    void publishesNothingWhereWhatIsKeptWasSignedAheadOfItsTime() {
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(5));
        byte[] payload = "{\"removed\":true}".getBytes(StandardCharsets.UTF_8);
        broker.publish(new Signer(List.of(operator), ahead)
                .sign(Message.json(WISH, payload).retained()));
        assertEquals(2, console.run("remove", "hello", "--from", ONE, "--key", key.toString()));
        assertTrue(console.err().contains("what is kept at " + WISH + " was signed at "), console.err());
        assertTrue(console.err().contains("set the clock that is wrong"), console.err());
    }

    private Path written(SigningKey one, String name) throws IOException {
        Path file = folder.resolve(name);
        one.write(file);
        return file;
    }

    private String kid(String topic) {
        return header(topic).kid();
    }

    /** What was signed of the last message at a topic that ends so. */
    private ProtectedHeader header(String topic) {
        Message last = broker.published().stream()
                .filter(message -> message.topic().endsWith(topic))
                .reduce((one, other) -> other)
                .orElseThrow();
        List<String> signatures = last.properties().all(Jws.PROPERTY);
        assertEquals(1, signatures.size());
        return ProtectedHeader.read(Jws.read(signatures.get(0)).header());
    }
}
