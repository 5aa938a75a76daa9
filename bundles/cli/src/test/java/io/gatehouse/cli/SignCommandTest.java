package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.trust.Admission;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignCommandTest {
    private static final String PING = "dwr/311-a1/00-00-00-00-00-01/cmd/ping";
    private static final String WISH = "dwr/desired/feature/hello";

    private final Console console = new Console(new MemoryBroker());
    private final SigningKey operator = SigningKey.generate();
    private final Trusting device = Trusting.allTo(SigningKey.generate(), operator, "dwr");

    @TempDir
    private Path folder;

    @BeforeEach
    void thereIsAKey() throws IOException {
        console.signBy(operator, folder);
    }

    @Test
    void printsTheSignatureOfAWishAndNothingElse() throws IOException {
        byte[] payload = {'{', '}', '\r', '\n', (byte) 0xff, 0};
        Path file = Files.write(folder.resolve("wish.json"), payload);
        assertEquals(0, console.run("sign", WISH, file.toString()), console::err);
        assertTrue(console.out().matches("[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]{86}\n"), console.out());
        assertAccepted(Message.json(WISH, payload));
        console.in(payload);
        assertEquals(0, console.run("sign", WISH, "-"), console::err);
        assertInstanceOf(
                Admission.Refused.class,
                device.admit(signed(Message.json("dwr/desired/feature/other", payload))),
                "it is of its topic alone");
    }

    @Test
    void signsACommandWithItsIdentityAndItsResponseTopic() {
        Message ping = Message.json(PING, "{}".getBytes(StandardCharsets.UTF_8));
        String[] sign = {"sign", PING, "-m", "{}", "--reply", "reply/me", "--correlation", "17", "--life", "1m"};
        assertEquals(0, console.run(sign), console::err);
        assertAccepted(ping.answeredAt("reply/me", new byte[] {'1', '7'}));
        assertEquals(0, console.run("sign", PING, "-m", "{}", "--correlation-hex", "00ff"), console::err);
        assertAccepted(ping.answering(new byte[] {0, (byte) 0xff}));
    }

    @Test
    void saysWhatIsMissingOrDoesNotFit() {
        refused("a command needs correlation data", "sign", PING, "-m", "{}");
        refused("--reply, --correlation and --life are of commands", "sign", WISH, "-m", "{}", "--life", "1m");
        refused("nothing is signed for the topic dwr/status", "sign", "dwr/status", "-m", "{}");
        refused("--life must be at most 24h", "sign", PING, "-m", "{}", "--correlation", "1", "--life", "25h");
        refused(
                "--correlation-hex must be pairs of hex digits: abc",
                "sign",
                PING,
                "-m",
                "",
                "--correlation-hex",
                "abc");
        refused(
                "no such file: " + folder.resolve("none"),
                "sign",
                WISH,
                folder.resolve("none").toString());
        refused("which payload? Give it as FILE", "sign", WISH);
        refused("which payload? Give it as FILE", "sign", WISH, "-", "-m", "x");
    }

    @Test
    void letsMosquittoPublishWhatADeviceTakes() throws IOException, InterruptedException, Trouble {
        assumeTrue(isHere("mosquitto") && isHere("mosquitto_pub"), "mosquitto and its clients are not installed");
        int port = freePort();
        Process broker = new ProcessBuilder(program("mosquitto"), "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try (Fleet fleet = connect(broker, port)) {
            assertEquals(0, console.run("sign", PING, "-m", "{\"count\":1}", "--correlation", "17"), console::err);
            publish(port, PING, "{\"count\":1}", "-D", "publish", "correlation-data", "17");
            assertInstanceOf(Admission.Accepted.class, device.admit(next(fleet)));
            assertEquals(0, console.run("sign", WISH, "-m", "{\"removed\":true}"), console::err);
            publish(port, WISH, "{\"removed\":true}", "-r");
            assertInstanceOf(Admission.Accepted.class, device.admit(next(fleet)));
        } finally {
            broker.destroy();
            broker.waitFor();
        }
    }

    private void publish(int port, String topic, String payload, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                program("mosquitto_pub"),
                "-V",
                "5",
                "-q",
                "1",
                "-p",
                Integer.toString(port),
                "-t",
                topic,
                "-m",
                payload,
                "-D",
                "publish",
                "user-property",
                Jws.PROPERTY,
                console.out().strip()));
        command.addAll(List.of(more));
        Process publishing = new ProcessBuilder(command).inheritIO().start();
        assertTrue(publishing.waitFor(10, TimeUnit.SECONDS), "mosquitto_pub hangs");
        assertEquals(0, publishing.exitValue());
    }

    private static Fleet connect(Process broker, int port) throws Trouble, InterruptedException {
        for (boolean open = false; !open; ) {
            assertTrue(broker.isAlive(), "mosquitto did not start");
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                open = socket.isConnected();
            } catch (IOException e) {
                Thread.onSpinWait(); // it does not listen yet
            }
        }
        URI address = URI.create("tcp://127.0.0.1:" + port);
        return Fleet.connect(ServiceLoader.load(TransportProvider.class), address, List.of("dwr/#"), note -> {});
    }

    private static Message next(Fleet fleet) throws InterruptedException {
        return fleet.next(Duration.ofSeconds(10)).orElseThrow();
    }

    private void assertAccepted(Message message) {
        Admission admission = device.admit(signed(message));
        assertInstanceOf(Admission.Accepted.class, admission, admission.toString());
    }

    private Message signed(Message message) {
        return message.with(Jws.PROPERTY, console.out().strip());
    }

    private void refused(String why, String... args) {
        assertEquals(2, console.run(args), console.out());
        assertTrue(console.err().contains(why), console.err());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean isHere(String program) {
        return !program(program).isEmpty();
    }

    private static String program(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
    }
}
