package io.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.reach.OpenSshServer;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tunnels and shells, of a device whose SSH is OpenSSH: its client for the tunnel, its server for the terminal. */
final class ReachCommandTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final Duration SOON = Duration.ofSeconds(60);

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final SigningKey root = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();

    @TempDir
    private Path folder;

    private FakeDevice device;
    private OpenSshDevice ssh;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh")), "OpenSSH's client is missing: /usr/bin/ssh");
        console.signBy(operator, folder);
        ssh = OpenSshDevice.in(folder);
        device = new FakeDevice(broker, ONE, "world/asia", Trusting.allTo(root, operator, "dwr", "world"))
                .answering("tunnel.key", message -> Outcome.done(Map.of("key", ssh.key())))
                .answering("tunnel.open", ssh::openTunnel)
                .answering("tunnel.close", ssh::close)
                .answering("terminal.close", ssh::close);
    }

    @AfterEach
    void leave() throws InterruptedException {
        device.close();
        ssh.endClients();
    }

    @Test
    void leadsFromAPortHereToTheDevicesTargetAndClosesTheTunnelAtTheEnd() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            answer(target, "a page");
            int local = freePort();
            Thread command = inBackground(
                    "tunnel",
                    "open",
                    ONE,
                    "--target",
                    "127.0.0.1:" + target.getLocalPort(),
                    "--local",
                    String.valueOf(local),
                    "--relay-bind",
                    "127.0.0.1");
            await().atMost(SOON).ignoreExceptions().until(() -> read(local).equals("a page"));
            command.interrupt();
            command.join(SOON.toMillis());
            assertFalse(command.isAlive());
            assertTrue(console.out().contains("127.0.0.1:" + local), console.out());
        }
        assertEquals(List.of("t1"), ssh.closed());
        assertEquals(List.of("PT3M"), ssh.lost());
        await().atMost(SOON).until(() -> ssh.clients().stream().noneMatch(Process::isAlive));
    }

    @Test
    void endsWhenTheDeviceSaysThatTheTunnelIsClosed() throws Exception {
        int local = freePort();
        Thread command = inBackground(
                "tunnel",
                "open",
                ONE,
                "--target",
                "127.0.0.1:1",
                "--local",
                String.valueOf(local),
                "--relay-bind",
                "127.0.0.1");
        await().atMost(SOON).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), local).close();
            return true;
        });
        broker.publish(Message.json(
                ONE + "/event/tunnel",
                Json.write(Map.of("state", "closed", "id", "t1", "reason", "nothing went through for 10 m"))));
        command.join(SOON.toMillis());
        assertFalse(command.isAlive());
        assertTrue(console.err().contains("the device closed it: nothing went through"), console.err());
        assertEquals(List.of(), ssh.closed());
    }

    @Test
    void asksForATunnelToARelayThatIsNamedAndSaysHowToComeThrough() {
        device.answering("tunnel.open", message -> {
            Members asked = Json.read(message.payload());
            assertEquals("relay.example.com:2222", asked.string("relay"));
            assertEquals("gate", asked.string("user"));
            assertEquals("PT2H", asked.string("ttl"));
            assertFalse(asked.has("lost"));
            return OpenSshDevice.opened(40123);
        });
        assertEquals(
                0,
                run(
                        "tunnel",
                        "open",
                        ONE,
                        "--target",
                        "127.0.0.1:80",
                        "--ttl",
                        "2h",
                        "--relay",
                        "gate@relay.example.com:2222"));
        assertEquals(
                "ssh -N -L 40123:127.0.0.1:40123 -p 2222 relay.example.com    then http://127.0.0.1:40123\n",
                console.out());
        assertEquals(
                0,
                run(
                        "tunnel",
                        "open",
                        ONE,
                        "--target",
                        "127.0.0.1:22",
                        "--ttl",
                        "2h",
                        "--relay",
                        "gate@relay.example.com:2222"));
        assertEquals("ssh -J relay.example.com:2222 -p 40123 root@127.0.0.1\n", console.out());
    }

    @Test
    void refusesARelayWithoutAUserAndAKeyThatIsNone() {
        assertEquals(2, run("tunnel", "open", ONE, "--target", "127.0.0.1:80", "--relay", "relay.example.com"));
        assertTrue(console.err().contains("Write USER@relay.example.com:22"), console.err());
        assertEquals(
                2,
                run("tunnel", "open", ONE, "--target", "127.0.0.1:80", "--relay", "a@b", "--host-key", "SHA256:short"));
        assertTrue(console.err().contains("not a key's fingerprint: SHA256:short"), console.err());
    }

    @Test
    void refusesAPortThatIsNoneBeforeTheDeviceIsAsked() {
        assertEquals(2, run("tunnel", "open", ONE, "--target", "127.0.0.1:80", "--local", "70000"));
        assertTrue(console.err().contains("--local: no port: 70000; from 1 to 65535"), console.err());
        assertEquals(2, run("tunnel", "open", ONE, "--target", "127.0.0.1:80", "--local", "0.0.0.0:70000"));
        assertEquals(2, run("tunnel", "open", ONE, "--target", "127.0.0.1:80", "--listen", "-1"));
        assertTrue(console.err().contains("--listen: no port: -1"), console.err());
        assertTrue(
                broker.published().stream().noneMatch(message -> message.topic().contains("/cmd/")));
    }

    @Test
    void closesATunnelOfWhichTheAnswerIsStrange() {
        for (Map<String, Object> strange : List.<Map<String, Object>>of(
                Map.of("id", "t1", "listen", 0, "until", OpenSshDevice.until()),
                Map.of("id", "t2", "listen", 1, "until", "noon"))) {
            device.answering("tunnel.open", message -> Outcome.done(strange));
            assertEquals(1, run("tunnel", "open", ONE, "--target", "127.0.0.1:80", "--relay-bind", "127.0.0.1"));
            assertTrue(console.err().contains(ONE + " answered tunnel.open strangely: "), console.err());
        }
        assertEquals(List.of("t1", "t2"), ssh.closed());
    }

    @Test
    void cancelsATunnelThatIsBeingOpenedWhenItIsInterrupted() throws Exception {
        String cancelled = interruptWhileOpening(Outcome.failed("cancelled", ""));
        Message asked = broker.published().stream()
                .filter(message -> message.topic().endsWith("/cmd/tunnel.open"))
                .findFirst()
                .orElseThrow();
        assertEquals(Base64Url.encode(asked.correlation().orElseThrow()), cancelled);
        assertEquals(List.of(), ssh.closed());
    }

    @Test
    void closesATunnelThatWasOpenedWhenItWasToBeCancelled() throws Exception {
        interruptWhileOpening(OpenSshDevice.opened(40123));
        assertEquals(List.of("t1"), ssh.closed());
    }

    /** What was cancelled; the tunnel ends then as it is said. */
    private String interruptWhileOpening(Outcome end) throws InterruptedException {
        List<String> cancelled = new CopyOnWriteArrayList<>();
        device.holding("tunnel.open").answering("cancel", message -> {
            cancelled.add(Json.read(message.payload()).string("id"));
            device.end("tunnel.open", end);
            return Outcome.done(Map.of());
        });
        Thread command = inBackground("tunnel", "open", ONE, "--target", "127.0.0.1:80", "--relay-bind", "127.0.0.1");
        await().atMost(SOON).until(() -> device.holds("tunnel.open"));
        command.interrupt();
        command.join(SOON.toMillis());
        assertFalse(command.isAlive());
        assertEquals(1, cancelled.size());
        return cancelled.get(0);
    }

    @Test
    void closesNothingAndSaysWhyWhereTheDeviceRefuses() {
        device.answering("tunnel.open", message -> Outcome.refused("target-not-permitted", "10.0.0.1:80"));
        assertEquals(1, run("tunnel", "open", ONE, "--target", "10.0.0.1:80", "--relay-bind", "127.0.0.1"));
        assertTrue(console.err().contains("tunnel.open refused, target-not-permitted: 10.0.0.1:80"), console.err());
        assertEquals(List.of(), ssh.closed());
    }

    @Test
    void listsAndClosesTunnelsAndPrintsTheDevicesKey() {
        device.answering(
                "tunnel.list",
                message -> Outcome.done(
                        Map.of("tunnels", List.of(Map.of("id", "t1", "state", "open", "target", "127.0.0.1:80")))));
        assertEquals(0, run("tunnel", "list", "--to", "dwr"));
        assertEquals(
                List.of("DEVICE                        ID  TARGET        STATE", ONE + "  t1  127.0.0.1:80  open"),
                console.out().lines().toList());
        assertEquals(0, run("tunnel", "close", ONE, "t1"));
        assertEquals(List.of("t1"), ssh.closed());
        assertEquals(0, run("tunnel", "key", ONE));
        assertEquals(ssh.key() + "\n", console.out());
    }

    @Test
    void opensAShellThroughATunnelAndLeavesNothingOpen() throws Exception {
        try (OpenSshServer terminal = OpenSshServer.start(folder.resolve("sshd"))) {
            device.answering("terminal.open", message -> ssh.openTerminal(terminal, message));
            console.in("echo sum-$((40 + 2)); exit 5\n".getBytes(UTF_8));
            assertEquals(5, run("shell", ONE, "--relay-bind", "127.0.0.1"), console::err);
        }
        assertTrue(console.out().contains("sum-42"), console.out());
        assertEquals(List.of("t1", "s1"), ssh.closed());
        await().atMost(SOON).until(() -> ssh.clients().stream().noneMatch(Process::isAlive));
    }

    @Test
    void opensAShellThroughARelayOfTheOperators() throws Exception {
        Path identity = folder.resolve("me");
        OpenSshServer.keygen(identity);
        try (OpenSshServer terminal = OpenSshServer.start(folder.resolve("sshd"));
                OpenSshServer relay = OpenSshServer.start(folder.resolve("relay"))) {
            relay.admit(ssh.key() + "\n"
                    + Files.readString(Path.of(identity + ".pub")).strip());
            device.answering("terminal.open", message -> ssh.openTerminal(terminal, message));
            console.in("exit 6\n".getBytes(UTF_8));
            String where = OpenSshServer.user() + "@127.0.0.1:" + relay.port();
            assertEquals(
                    6,
                    run(
                            "shell",
                            ONE,
                            "--relay",
                            where,
                            "--host-key",
                            relay.hostKey(),
                            "--identity",
                            identity.toString()),
                    console::err);
        }
        assertEquals(List.of("t1", "s1"), ssh.closed());
    }

    @Test
    void believesNoAnswerThatTheFleetsAuthorityDoesNotVouchFor() throws Exception {
        Path authority = folder.resolve("ca.pem");
        try (var in = ReachCommandTest.class.getResourceAsStream("acme-ca.pem")) {
            Files.write(authority, in.readAllBytes());
        }
        try (OpenSshServer terminal = OpenSshServer.start(folder.resolve("sshd"))) {
            device.answering("terminal.open", message -> ssh.openTerminal(terminal, message));
            assertEquals(1, run("shell", ONE, "--fleet-ca", authority.toString(), "--relay-bind", "127.0.0.1"));
            assertTrue(console.err().contains(ONE + " shows nothing that the authority"), console.err());
            ssh.attests(Map.of("certificate", Files.readString(authority), "signature", "AAAA"));
            assertEquals(1, run("shell", ONE, "--fleet-ca", authority.toString(), "--relay-bind", "127.0.0.1"));
            assertTrue(console.err().contains("and not from " + ONE), console.err());
        }
        assertEquals(List.of("s1", "s1"), ssh.closed());
        assertEquals(List.of(), ssh.clients());
    }

    @Test
    void closesTheTerminalWhereNoTunnelOpens() throws Exception {
        try (OpenSshServer terminal = OpenSshServer.start(folder.resolve("sshd"))) {
            device.answering("terminal.open", message -> ssh.openTerminal(terminal, message))
                    .answering("tunnel.open", message -> Outcome.failed("relay-unreachable", "no route"));
            assertEquals(1, run("shell", ONE, "--relay-bind", "127.0.0.1"));
        }
        assertTrue(console.err().contains("relay-unreachable: no route"), console.err());
        assertEquals(List.of("s1"), ssh.closed());
    }

    private Thread inBackground(String... args) {
        Thread thread = new Thread(() -> run(args), "command");
        thread.start();
        return thread;
    }

    private int run(String... args) {
        return console.run(args);
    }

    private static void answer(ServerSocket server, String text) {
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(text.getBytes(UTF_8));
                } catch (IOException e) {
                    continue; // closed, or one that went
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static String read(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
