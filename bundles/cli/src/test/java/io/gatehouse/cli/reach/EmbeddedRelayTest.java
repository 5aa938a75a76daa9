package io.gatehouse.cli.reach;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay in this process, to which OpenSSH's client comes in the device's place. */
final class EmbeddedRelayTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<AutoCloseable> ending = new ArrayList<>();
    private final List<Process> clients = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path deviceKey;
    private Path knownHosts;
    private EmbeddedRelay relay;

    @BeforeEach
    void aRelayListens() throws IOException, InterruptedException, Trouble {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/ssh")), "OpenSSH's client is missing: /usr/bin/ssh");
        deviceKey = newKey("device");
        relay = start(0);
        knownHosts = folder.resolve("known_hosts");
    }

    @AfterEach
    void end() throws Exception {
        for (Process client : clients) {
            client.destroyForcibly().waitFor();
        }
        for (AutoCloseable each : ending) {
            each.close();
        }
    }

    @Test
    void carriesConnectionsToTheDeviceThroughItsReverseForward() throws IOException {
        int target = echo();
        connect(deviceKey, "-N", "-R", "127.0.0.1:0:127.0.0.1:" + target);
        await().atMost(SOON).until(() -> relay.listening().isPresent());
        assertEquals("hello", ask(relay.listening().getAsInt(), "hello"));
    }

    @Test
    void countsWhatGoesThroughTheDoor() throws IOException, Trouble {
        connect(deviceKey, "-N", "-R", "localhost:0:127.0.0.1:" + echo());
        LocalDoor door = LocalDoor.open(loopback(0), relay::listening);
        ending.add(door);
        await().atMost(SOON).until(() -> relay.listening().isPresent());
        assertEquals("hello", ask(door.port(), "hello"));
        await().atMost(SOON).untilAsserted(() -> assertEquals(new LocalDoor.Traffic(0, 5, 5), door.traffic()));
    }

    @Test
    void answersWhoSaysNoMoreAtOnce() throws IOException, Trouble {
        connect(deviceKey, "-N", "-R", "localhost:0:127.0.0.1:" + echo());
        LocalDoor door = LocalDoor.open(loopback(0), relay::listening);
        ending.add(door);
        await().atMost(SOON).until(() -> relay.listening().isPresent());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            socket.shutdownOutput();
            assertEquals("hello", new String(socket.getInputStream().readAllBytes(), UTF_8));
        }
        await().atMost(SOON).until(() -> door.traffic().connections() == 0);
    }

    @Test
    void turnsAwayWhoComesToTheDoorWhileTheTunnelIsLost() throws IOException, Trouble {
        LocalDoor door = LocalDoor.open(loopback(0), OptionalInt::empty);
        ending.add(door);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setSoTimeout((int) SOON.toMillis());
            assertEquals(-1, socket.getInputStream().read());
        }
        await().atMost(SOON).until(() -> door.traffic().connections() == 0);
    }

    @Test
    void letsNoOtherKeyIn() throws IOException, InterruptedException {
        Path stranger = newKey("stranger");
        assertRefused("Permission denied", ssh(stranger, EmbeddedRelay.USER, "-N", "-R", "127.0.0.1:0:127.0.0.1:1"));
        assertRefused("Permission denied", ssh(deviceKey, "root", "-N", "-R", "127.0.0.1:0:127.0.0.1:1"));
    }

    @Test
    void runsNoShellNoCommandAndNoSubsystem() throws IOException, InterruptedException {
        assertRefused("channel", ssh(deviceKey, EmbeddedRelay.USER, "id"));
        assertRefused("channel", ssh(deviceKey, EmbeddedRelay.USER, "-tt"));
        assertRefused("channel", ssh(deviceKey, EmbeddedRelay.USER, "-s", "sftp"));
    }

    @Test
    void forwardsNothingTheOtherWay() throws IOException, InterruptedException {
        assertRefused("forwarding failed", ssh(deviceKey, EmbeddedRelay.USER, "-W", "127.0.0.1:" + echo()));
    }

    @Test
    void listensNowhereButOnLoopback() throws IOException, InterruptedException {
        for (String address : List.of("0.0.0.0", "*", InetAddress.getLocalHost().getHostAddress() + "0", "::")) {
            String forward = "[" + address + "]:0:127.0.0.1:1";
            assertRefused("forwarding failed", ssh(deviceKey, EmbeddedRelay.USER, "-N", "-R", forward));
        }
        assertFalse(relay.listening().isPresent());
    }

    @Test
    void listensOnceOnly() throws IOException, InterruptedException {
        assertRefused(
                "forwarding failed",
                ssh(
                        deviceKey,
                        EmbeddedRelay.USER,
                        "-N",
                        "-R",
                        "127.0.0.1:0:127.0.0.1:1",
                        "-R",
                        "127.0.0.1:0:127.0.0.1:2"));
    }

    @Test
    void opensNoSocketInTheFileSystem() throws IOException, InterruptedException {
        Path socket = folder.resolve("socket");
        assertRefused("forwarding failed", ssh(deviceKey, EmbeddedRelay.USER, "-N", "-R", socket + ":127.0.0.1:1"));
        assertFalse(Files.exists(socket));
    }

    @Test
    void listensAtThePortThatIsPermittedAlone() throws IOException, InterruptedException, Trouble {
        int port = freePort();
        relay = start(port);
        String other = "127.0.0.1:" + freePort() + ":127.0.0.1:1";
        assertRefused("forwarding failed", ssh(deviceKey, EmbeddedRelay.USER, "-N", "-R", other));
        connect(deviceKey, "-N", "-R", "127.0.0.1:" + port + ":127.0.0.1:1");
        await().atMost(SOON).until(() -> relay.listening().equals(OptionalInt.of(port)));
    }

    @Test
    void givesADeviceThatComesAgainItsPortBack() throws IOException {
        int target = echo();
        connect(deviceKey, "-N", "-R", "127.0.0.1:0:127.0.0.1:" + target);
        await().atMost(SOON).until(() -> relay.listening().isPresent());
        int port = relay.listening().getAsInt();
        Process lost = clients.get(0);
        signal(lost, "STOP"); // its connection seems to live
        connect(deviceKey, "-N", "-R", "127.0.0.1:" + port + ":127.0.0.1:" + target);
        await().atMost(SOON).ignoreExceptions().until(() -> ask(port, "again").equals("again"));
        assertEquals(OptionalInt.of(port), relay.listening());
    }

    @Test
    void saysThatTheDeviceWentAway() throws IOException {
        connect(deviceKey, "-N", "-R", "127.0.0.1:0:127.0.0.1:1");
        await().atMost(SOON).until(() -> relay.listening().isPresent());
        clients.get(0).destroyForcibly();
        await().atMost(SOON).until(() -> relay.listening().isEmpty());
    }

    @Test
    void leavesNothingListeningWhenItEnds() throws IOException {
        connect(deviceKey, "-N", "-R", "127.0.0.1:0:127.0.0.1:1");
        await().atMost(SOON).until(() -> relay.listening().isPresent());
        int port = relay.listening().getAsInt();
        relay.close();
        await().atMost(SOON).untilAsserted(() -> {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            new ServerSocket(relay.port(), 1, InetAddress.getLoopbackAddress()).close();
        });
    }

    @Test
    void showsAKeyOfItsOwnEachTime() throws Trouble, IOException {
        assertNotEquals(relay.hostKey(), start(0).hostKey());
    }

    private EmbeddedRelay start(int listen) throws Trouble, IOException {
        SshKey key = SshKey.read(Files.readString(Path.of(deviceKey + ".pub")));
        EmbeddedRelay started = EmbeddedRelay.start(loopback(0), key, listen);
        ending.add(started);
        return started;
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void assertRefused(String why, Process client) throws IOException, InterruptedException {
        assertTrue(client.waitFor(SOON.toSeconds(), TimeUnit.SECONDS), "still there: " + why);
        String said = new String(client.getInputStream().readAllBytes(), UTF_8);
        assertNotEquals(0, client.exitValue(), said);
        assertTrue(said.contains(why), said);
    }

    private void connect(Path key, String... args) throws IOException {
        ssh(key, EmbeddedRelay.USER, args);
    }

    private Process ssh(Path key, String user, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "ssh",
                "-F",
                "none",
                "-i",
                key.toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "BatchMode=yes",
                "-o",
                "ExitOnForwardFailure=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=" + knownHosts,
                "-p",
                String.valueOf(relay.port())));
        List<String> rest = new ArrayList<>(List.of(args));
        List<String> words = new ArrayList<>();
        while (!rest.isEmpty() && !rest.get(rest.size() - 1).startsWith("-") && !isValue(rest)) {
            words.add(0, rest.remove(rest.size() - 1));
        }
        command.addAll(rest);
        command.add(user + "@127.0.0.1");
        command.addAll(words);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        clients.add(process);
        return process;
    }

    /** Whether the last word belongs to the option before it. */
    private static boolean isValue(List<String> words) {
        return words.size() > 1 && List.of("-R", "-W").contains(words.get(words.size() - 2));
    }

    private Path newKey(String name) throws IOException, InterruptedException {
        Path file = folder.resolve(name);
        Process process = new ProcessBuilder(
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a/b/c", "-f", file.toString())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static void signal(Process process, String name) throws IOException {
        try {
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                            .start()
                            .waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String ask(int port, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return new String(socket.getInputStream().readNBytes(text.length()), UTF_8);
        }
    }

    /** A server that gives back what it gets; its port. */
    private int echo() throws IOException {
        ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        ending.add(server);
        Thread thread = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException e) {
                    continue; // closed, or one that went
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return server.getLocalPort();
    }
}
