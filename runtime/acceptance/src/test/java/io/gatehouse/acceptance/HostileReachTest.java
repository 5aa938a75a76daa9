package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relays and operators that are up to no good, or break, and a device behind a NAT with OpenSSH as its relay. */
final class HostileReachTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TUNNEL = "io.gatehouse.tunnel.ssh";
    private static final int ECHO = 7007;
    private static final int DEAF = 7008;
    private static final String ANOTHER_KEY = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

    /** Far more than a device has memory for. */
    private static final long FLOOD = 256L << 20;

    private static final long MOST_KIB_MORE = 24 << 10;

    @TempDir
    Path folder;

    private Reach reach;
    private OpenSsh relay;

    @BeforeEach
    void begin() throws Exception {
        reach = Reach.begin(folder);
        relay = OpenSsh.start(folder.resolve("relay"), reach.nat().outside());
        reach.onDevice("socat", "TCP-LISTEN:" + ECHO + ",bind=127.0.0.1,reuseaddr,fork", "EXEC:/bin/cat");
        reach.onDevice("socat", "-u", "TCP-LISTEN:" + DEAF + ",bind=127.0.0.1,reuseaddr,fork", "EXEC:sleep 1000");
        reach.configure(
                TUNNEL, Map.of("targets", List.of("127.0.0.1:" + ECHO, "127.0.0.1:" + DEAF), "keepalive", "PT1S"));
        Awaitility.await("the device's servers").atMost(PATIENCE).until(() -> reach.doors()
                .containsAll(List.of(ECHO, DEAF)));
        relay.authorize(done("tunnel.key", Map.of()).string("key"));
    }

    @AfterEach
    void end() throws IOException {
        if (relay != null) {
            relay.close();
        }
        if (reach != null) {
            reach.close();
        }
    }

    @Test
    void relayWithAnotherKeyIsNotSpokenTo() {
        Map<String, Object> order = order(ECHO);
        order.put("hostKey", ANOTHER_KEY);
        Problem problem = ((Outcome.Failed) command("tunnel.open", order)).problem();
        assertEquals("wrong-host-key", problem.type());
        assertTrue(problem.detail().contains(relay.hostKey()), problem.detail());
        assertFalse(relay.log().contains("Accepted publickey"), relay.log());
        assertEquals(List.of(), tunnels());
    }

    @Test
    void targetsThatAreNotPermittedAreRefused() {
        for (String target : List.of("192.168.77.1:80", "127.0.0.1:22", "localhost:" + ECHO)) {
            Map<String, Object> order = order(ECHO);
            order.put("target", target);
            Problem problem = ((Outcome.Refused) command("tunnel.open", order)).problem();
            assertEquals("forbidden-target", problem.type(), target);
        }
        assertEquals(List.of(), tunnels());
    }

    @Test
    void commandThatIsSentAgainOpensNothing() throws Exception {
        String reply = reach.operator().ask(Reach.DEVICE, "tunnel.open", order(ECHO), PATIENCE);
        Operator.Heard end = reach.operator().await("the end", heard -> isEnd(heard, reply));
        done("tunnel.close", Map.of("id", end.body().object("result").string("id")));
        Operator.Heard sent = reach.operator()
                .all(heard -> heard.topic().endsWith("/cmd/tunnel.open"))
                .get(0);
        int mark = reach.operator().mark();
        UserProperties properties = UserProperties.of(sent.properties());
        try (Enemy enemy = new Enemy(reach.outside())) {
            enemy.publish(Message.json(sent.topic(), sent.payload())
                    .answeredAt(reply, sent.correlation())
                    .with(properties));
        }
        Operator.Heard again = reach.operator().await("the same end", mark, heard -> isEnd(heard, reply));
        assertEquals(end.body().values(), again.body().values());
        assertEquals(List.of(), tunnels());
        assertEquals(1, told("opened", 0));
    }

    @Test
    void relayThatStallsIsLeftAndTheTunnelReturns() throws Exception {
        int port = open(ECHO);
        assertEchoes(port);
        relay.signalSessions("STOP");
        await("lost", 1);
        relay.killSessions();
        await("returned", 1);
        assertEchoes(port());
    }

    @Test
    void relayThatClosesInTheMidstIsComeBackTo() throws Exception {
        int port = open(ECHO);
        try (Socket socket = connected(port)) {
            assertEchoes(socket, "before");
            relay.killSessions();
            await("returned", 1);
        }
        assertEchoes(port());
    }

    @Test
    void floodForATargetThatDoesNotReadIsNotKept() throws Exception {
        int port = open(DEAF);
        long before = Vitals.peakKib(reach.gateway().java().pid());
        AtomicLong sent = new AtomicLong();
        try (Socket socket = connected(port)) {
            Thread flood = new Thread(() -> flood(socket, sent), "flood");
            flood.setDaemon(true);
            flood.start();
            long[] last = {-1};
            Awaitility.await("a flood that stands still")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> {
                        long now = sent.get();
                        boolean stands = now > 0 && now == last[0];
                        last[0] = now;
                        return stands;
                    });
            assertTrue(sent.get() < FLOOD, sent + " bytes were taken for a target that reads none");
            assertTrue(command("ping", Map.of()) instanceof Outcome.Done);
            long more = Vitals.peakKib(reach.gateway().java().pid()) - before;
            assertTrue(more < MOST_KIB_MORE, more + " KiB more");
        }
    }

    @Test
    void tunnelOutlivesTheTransportAndEndsWithItsOwnBundle() throws Exception {
        Bundles bundles = new Bundles(Files.createDirectories(folder.resolve("bundles")));
        int port = open(ECHO);
        try (Socket socket = connected(port)) {
            assertEchoes(socket, "before");
            replace(bundles, "io.gatehouse.transport.mqtt");
            assertEchoes(socket, "through the same connection");
            assertEquals(1, tunnels().size());
            replace(bundles, TUNNEL);
            assertEquals(-1, socket.getInputStream().read());
        }
        await("closed", 1);
        assertEquals(
                "stopped",
                reach.operator()
                        .all(heard -> isTold(heard, "closed"))
                        .get(0)
                        .body()
                        .string("reason"));
        assertEquals(List.of(), tunnels());
        Awaitility.await("no door at the relay").atMost(PATIENCE).until(() -> !OpenSsh.accepts("127.0.0.1", port));
    }

    @Test
    void tunnelEndsWithItsLicense() throws Exception {
        Bundles bundles = new Bundles(Files.createDirectories(folder.resolve("bundles")));
        Path license = bundles.bundle("com.acme.license", "1.0.0", Map.of(), "License", """
                @org.osgi.service.component.annotations.Component(property = "osgi.condition.id=license.tunnel")
                public class License implements org.osgi.service.condition.Condition {}
                """);
        String digest = reach.operator()
                .desire(Reach.DEVICE, "license", reach.operator().feature("com.acme:license:1", license));
        String topic = Reach.DEVICE + "/desired/feature/license";
        assertEquals(
                "applied", reach.operator().ended(Reach.DEVICE, topic, digest).string("state"));
        reach.configure(
                TUNNEL,
                Map.of(
                        "targets",
                        List.of("127.0.0.1:" + ECHO),
                        "osgi.ds.satisfying.condition.target",
                        "(osgi.condition.id=license.tunnel)"));
        try (Socket socket = connected(open(ECHO))) {
            assertEchoes(socket, "licensed");
            reach.operator().undesire(Reach.DEVICE, "license");
            assertEquals(-1, socket.getInputStream().read());
        }
        await("closed", 1);
        assertTrue(command("tunnel.open", order(ECHO)) instanceof Outcome.Refused);
    }

    private void replace(Bundles bundles, String name) {
        Path shipped = FeaturesTest.shipped(name);
        Path next = bundles.repacked(shipped, Bundles.raised(shipped, 1), Map.of());
        String digest =
                reach.operator().desire(Reach.DEVICE, name, reach.operator().feature("com.acme:" + name + ":1", next));
        Members report = reach.operator().ended(Reach.DEVICE, Reach.DEVICE + "/desired/feature/" + name, digest);
        assertEquals("applied", report.string("state"), () -> report.values().toString());
    }

    private Map<String, Object> order(int target) {
        return new HashMap<>(Map.of(
                "relay", relay.address(), "hostKey", relay.hostKey(), "user", "root", "target", "127.0.0.1:" + target));
    }

    /** Opens a tunnel; the port at the relay. */
    private int open(int target) {
        return (int) done("tunnel.open", order(target)).integer("listen", 1, 65_535);
    }

    /** The port of the one tunnel that there is. */
    private int port() {
        return (int) Members.of(Map.of("tunnels", tunnels()))
                .objects("tunnels")
                .get(0)
                .integer("listen", 1, 65_535);
    }

    private List<?> tunnels() {
        return (List<?>)
                ((Outcome.Done) command("tunnel.list", Map.of())).result().get("tunnels");
    }

    private Members done(String name, Map<String, ?> arguments) {
        Outcome outcome = command(name, arguments);
        assertTrue(outcome instanceof Outcome.Done, () -> outcome + "\n" + relay.log());
        return Members.of(((Outcome.Done) outcome).result());
    }

    private Outcome command(String name, Map<String, ?> arguments) {
        return reach.operator().command(Reach.DEVICE, name, arguments);
    }

    private static boolean isEnd(Operator.Heard heard, String reply) {
        return heard.topic().equals(reply) && !heard.body().string("state").equals("running");
    }

    private void await(String state, int number) {
        Awaitility.await(state).atMost(PATIENCE).until(() -> told(state, 0) >= number);
    }

    private long told(String state, int mark) {
        return reach.operator().since(mark, heard -> isTold(heard, state)).size();
    }

    private static boolean isTold(Operator.Heard heard, String state) {
        return heard.topic().equals(Reach.DEVICE + "/event/tunnel")
                && heard.body().string("state").equals(state);
    }

    private void assertEchoes(int port) throws IOException {
        try (Socket socket = connected(port)) {
            assertEchoes(socket, "there and back");
        }
    }

    private static void assertEchoes(Socket socket, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(bytes);
        assertEquals(text, new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8));
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.connect(new InetSocketAddress("127.0.0.1", port), (int) PATIENCE.toMillis());
        return socket;
    }

    private static void flood(Socket socket, AtomicLong sent) {
        byte[] piece = new byte[64 << 10];
        try {
            OutputStream out = socket.getOutputStream();
            while (sent.get() < FLOOD) {
                out.write(piece);
                sent.addAndGet(piece.length);
            }
        } catch (IOException e) {
            // the test is over
        }
    }
}
