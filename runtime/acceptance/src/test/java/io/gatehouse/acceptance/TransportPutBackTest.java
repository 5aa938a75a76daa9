package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A transport that does not do what it should is put back by the one before, and all that was to go out goes out. */
final class TransportPutBackTest {
    private static final String TRANSPORT = "io.gatehouse.transport.mqtt";
    private static final String COMPONENT = "OSGI-INF/" + TRANSPORT + ".xml";
    private static final Duration DEADLINE = Duration.ofSeconds(18);
    private static final Map<String, Map<String, Object>> QUICK =
            Map.of("io.gatehouse.deployment", Map.of("deadline", DEADLINE.toString()));

    @TempDir
    Path folder;

    @BeforeAll
    static void mosquitto() {
        Mosquitto.assumeInstalled();
    }

    /**
     * The broker is gone as soon as the bad transport runs: all else happens without a connection to anybody. A mosquitto that
     * is told to end publishes the wills that it was to delay, so here somebody sees the device leave.
     */
    @ConcurrentTest
    void oneThatCannotConnectIsPutBackWithoutTheBroker() throws Exception {
        try (ServerSocket wrong = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                BusyGateway busy = BusyGateway.start(folder, "dwr/311-a1/astray", QUICK)) {
            Path shipped = FeaturesTest.shipped(TRANSPORT);
            String astray = new String(Bundles.entry(shipped, COMPONENT), StandardCharsets.UTF_8)
                    .replace(
                            "name=\"uri\" type=\"String\" value=\"\"",
                            "name=\"uri\" type=\"String\" value=\"tcp://127.0.0.1:" + wrong.getLocalPort() + "\"");
            Path bad = busy.bundles()
                    .repacked(shipped, "9.0.0", Map.of(COMPONENT, astray.getBytes(StandardCharsets.UTF_8)));
            String boot = busy.boot();
            String digest = busy.operator()
                    .desire(busy.device(), "transport", busy.operator().feature("com.acme:astray:1", bad));
            Socket lost = wrong.accept();
            busy.broker().stop();
            lost.close();
            Path verdict = busy.gateway().state().resolve("verdict.json");
            Awaitility.await("the verdict, while there is no broker")
                    .atMost(DEADLINE)
                    .until(() -> Files.exists(verdict)
                            && new String(Files.readAllBytes(verdict), StandardCharsets.UTF_8).contains("ROLLED_BACK"));
            busy.broker().start();
            assertPutBack(busy, digest, "unproven");
            busy.assertNothingLostNothingTwice();
            assertEquals(Set.of(boot), busy.ledger().boots());
        }
    }

    @ConcurrentTest
    void oneThatThrowsIsPutBack() throws IOException {
        putBack("throws", "if (true) throw new IllegalStateException(\"no antenna\");", "unproven", true);
    }

    @ConcurrentTest
    void oneThatConnectsAndSendsNothingIsPutBack() throws IOException {
        putBack("mute", "", "unproven", true);
    }

    @ConcurrentTest
    void oneThatHangsIsPutBackByARestart() throws IOException {
        putBack(
                "hangs",
                "while (endpoint != null) { try { never.await(); } catch (InterruptedException e) { } }",
                "start-hung",
                false);
    }

    /** One that does this first, then connects, takes what is to go out, and neither sends it nor gives it back. */
    private void putBack(String name, String first, String problem, boolean isSameProcess) throws IOException {
        try (BusyGateway busy = BusyGateway.start(folder, "dwr/311-a1/" + name, QUICK);
                CommandStream commands = busy.commands()) {
            String boot = busy.boot();
            String digest = busy.operator()
                    .desire(
                            busy.device(),
                            "transport",
                            busy.operator().feature("com.acme:" + name + ":1", mute(busy.bundles(), first)));
            assertPutBack(busy, digest, problem);
            commands.end();
            busy.assertNothingLostNothingTwice();
            busy.assertNeverOffline();
            assertEquals(isSameProcess ? 1 : 2, busy.ledger().boots().size());
            if (!isSameProcess) {
                // The process may end after it read the last and before it put that anywhere. What it put away arrives
                // in turn.
                int read = busy.timesRead();
                Awaitility.await("what was read before the restart")
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> {
                            int arrived = busy.timesArrived(boot);
                            assertTrue(arrived >= read - 1, () -> arrived + " of " + read);
                        });
            }
            System.out.println(name + ": of " + busy.ledger().size() + " observations 0 lost, 0 twice; commands "
                    + busy.assertEachCommandOnce(commands));
        }
    }

    private static Path mute(Bundles bundles, String first) {
        Path compiled = bundles.bundle(TRANSPORT, "9.0.0", Map.of(), "Mute", """
                import io.gatehouse.api.message.*;
                public class Mute {
                    private final MqttTransport transport;
                    private final java.util.concurrent.CountDownLatch never = new java.util.concurrent.CountDownLatch(1);
                    private final java.util.List<Outgoing.Parcel> swallowed = new java.util.ArrayList<>();
                    public Mute(org.osgi.framework.BundleContext context, MqttTransport.Settings settings,
                            java.util.Map.Entry<java.util.Map<String, Object>, Endpoint> endpoint, Outgoing outgoing,
                            javax.net.ssl.SSLContext fleet) {
                        %s
                        transport = new MqttTransport(context, settings, endpoint, () -> {
                            while (true) {
                                swallowed.add(outgoing.take());
                            }
                        }, fleet);
                    }
                    void close() {
                        transport.close();
                    }
                }
                """.formatted(first));
        Path shipped = FeaturesTest.shipped(TRANSPORT);
        String component = new String(Bundles.entry(shipped, COMPONENT), StandardCharsets.UTF_8)
                .replace(TRANSPORT + ".MqttTransport", TRANSPORT + ".Mute");
        return bundles.repacked(
                shipped,
                "9.0.0",
                Map.of(
                        COMPONENT,
                        component.getBytes(StandardCharsets.UTF_8),
                        "io/gatehouse/transport/mqtt/Mute.class",
                        Bundles.entry(compiled, "io/gatehouse/transport/mqtt/Mute.class")));
    }

    /** The transport before it carries on, and brings the report of what happened. */
    private static void assertPutBack(BusyGateway busy, String digest, String problem) {
        Members report = busy.operator().ended(busy.device(), busy.device() + "/desired/feature/transport", digest);
        assertEquals(
                "rolled-back",
                report.string("state"),
                () -> report.values() + "\n" + busy.gateway().log());
        assertEquals(problem, report.object("problem").string("type"), () -> report.values()
                .toString());
        assertTrue(!BusyGateway.version(report, TRANSPORT).startsWith("9."), () -> report.values()
                .toString());
        busy.assertGoesOn();
        System.out.println("put back after " + BusyGateway.milliseconds(report) + " ms: "
                + report.object("problem").string("detail"));
    }
}
