package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Changes that turn out bad: after each, the software before it runs again, telemetry went on, and the report says
 * rolled-back with the cause. Each test has a gateway of its own, with a good plug-in committed.
 */
final class PutBackTest {
    private static final String DEVICE = "dwr/311-a1/putback";
    private static final String GOOD = "com.acme.good";

    @TempDir
    Path folder;

    private Artemis broker;
    private GatewayProcess gateway;
    private Operator operator;
    private Bundles bundles;
    private Map<String, String> before;

    @BeforeEach
    void start(TestInfo test) throws IOException {
        System.out.println("— " + test.getDisplayName());
        broker = new Artemis(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(
                broker.uri(), DEVICE, folder.resolve("state"), "-D", "gatehouse.start.deadline=PT20S");
        operator = Operator.at(broker.uri());
        bundles = new Bundles(folder);
        Feature good = operator.feature(
                "com.acme:good:1",
                Map.of("io.gatehouse.deployment", Map.of("deadline", "PT24S")),
                bundles.collector("good", "1.0.0"));
        String digest = operator.desire(DEVICE, "good", good);
        before = running(operator.ended(DEVICE, DEVICE + "/desired/feature/good", digest));
        assertTrue(before.containsKey(GOOD), before.toString());
    }

    @AfterEach
    void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    private static Map<String, String> running(Members report) {
        Map<String, String> bySymbolicName = new HashMap<>();
        report.objects("bundles")
                .forEach(bundle -> bySymbolicName.put(
                        bundle.string("symbolicName"),
                        bundle.optionalString("sha256").orElse("")));
        return bySymbolicName;
    }

    /** Wants it, and expects that it is put back with this type of problem. */
    private Members putBack(String type, Feature feature) {
        String digest = operator.desire(DEVICE, "bad", feature);
        Members report = operator.ended(DEVICE, DEVICE + "/desired/feature/bad", digest);
        assertEquals("rolled-back", report.string("state"), () -> report.values() + "\n" + gateway.log());
        assertTrue(
                report.object("problem").string("type").matches(type),
                () -> type + " expected: " + report.object("problem").values());
        assertEquals(before, running(report));
        goesOn();
        return report.object("problem");
    }

    private void goesOn() {
        int mark = operator.mark();
        operator.await(
                "the good plug-in goes on", mark, message -> message.topic().equals(DEVICE + "/example/good"));
        operator.await("load goes on", mark, message -> message.topic().equals(DEVICE + "/hardware/loadavg"));
    }

    private String boot() {
        return operator.await("an observation", operator.mark(), message -> message.topic()
                        .equals(DEVICE + "/example/good"))
                .properties()
                .get("boot");
    }

    /** Of everything that bears a number, none is missing in the boots that there were, once the backlog has drained. */
    private void assertNothingLost() {
        Awaitility.await("observations without a gap")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    Map<String, TreeSet<Long>> byBoot = new LinkedHashMap<>();
                    for (Operator.Heard message :
                            operator.all(heard -> heard.properties().containsKey("seq"))) {
                        byBoot.computeIfAbsent(message.properties().get("boot"), boot -> new TreeSet<>())
                                .add(Long.parseLong(message.properties().get("seq")));
                    }
                    byBoot.forEach((boot, seqs) -> assertEquals(
                            seqs.last() - seqs.first() + 1, seqs.size(), "numbers of boot " + boot + ": " + seqs));
                });
    }

    @ConcurrentTest
    void activatorThatThrows() {
        String boot = boot();
        Feature bad = operator.feature(
                "com.acme:bad:1", bundles.activator("bad", "1.0.0", "throw new IllegalStateException(\"no coffee\");"));
        Members problem = putBack("start-failed", bad);
        assertTrue(
                problem.string("detail").contains("no coffee"), problem.values().toString());
        assertEquals(boot, boot(), "the process went on");
        assertNothingLost();
    }

    @ConcurrentTest
    void updateOfTheGoodPluginToOneThatThrows() {
        Feature bad = operator.feature(
                "com.acme:good:2", bundles.bundle(GOOD, "2.0.0", Map.of("Bundle-Activator", GOOD + ".A"), "A", """
                        public class A implements org.osgi.framework.BundleActivator {
                            public void start(org.osgi.framework.BundleContext context) { throw new IllegalStateException("v2"); }
                            public void stop(org.osgi.framework.BundleContext context) { }
                        }
                        """));
        String digest = operator.desire(DEVICE, "good", bad);
        Members report = operator.ended(DEVICE, DEVICE + "/desired/feature/good", digest);
        assertEquals(
                "rolled-back", report.string("state"), () -> report.values().toString());
        assertEquals(before, running(report));
        goesOn();
    }

    @ConcurrentTest
    void componentThatStaysUnsatisfied() {
        Feature bad = operator.feature(
                "com.acme:bad:1",
                bundles.component(
                        "bad", "1.0.0", "@org.osgi.service.component.annotations.Reference Runnable nobodyHasThis;"));
        Members problem = putBack("unproven", bad);
        assertTrue(
                problem.string("detail").contains("nobodyHasThis"),
                problem.values().toString());
    }

    @ConcurrentTest
    void healthCheckThatIsRed() {
        Feature bad = operator.feature("com.acme:bad:1", bundles.bundle("com.acme.bad", "1.0.0", Map.of(), "H", """
                @org.osgi.service.component.annotations.Component(property = "hc.name=coffee")
                public class H implements org.apache.felix.hc.api.HealthCheck {
                    public org.apache.felix.hc.api.Result execute() {
                        return new org.apache.felix.hc.api.Result(
                            org.apache.felix.hc.api.Result.Status.CRITICAL, "out of beans");
                    }
                }
                """));
        Members problem = putBack("unproven", bad);
        assertTrue(
                problem.string("detail").contains("out of beans"),
                problem.values().toString());
    }

    @ConcurrentTest
    void activatorThatHangs() {
        String boot = boot();
        Feature bad = operator.feature(
                "com.acme:bad:1",
                bundles.activator(
                        "bad",
                        "1.0.0",
                        "while (true) { try { new java.util.concurrent.CountDownLatch(1).await(); } catch (InterruptedException e) { } }"));
        Members problem = putBack("start-hung", bad);
        assertTrue(
                problem.string("detail").contains("com.acme.bad"),
                problem.values().toString());
        org.junit.jupiter.api.Assertions.assertNotEquals(boot, boot(), "the process was started again");
    }

    @ConcurrentTest
    void bundleThatEndsTheProcessLongAfterItsChangeWasCommitted() {
        Feature bad = operator.feature("com.acme:bad:1", bundles.activator("bad", "1.0.0", """
                        new Thread(() -> {
                            try { Thread.sleep(3000); } catch (InterruptedException e) { }
                            System.exit(0);
                        }).start();
                        """));
        int mark = operator.mark();
        operator.desire(DEVICE, "bad", bad);
        Members report = operator.await(
                        "the software before it, once the process ended three times",
                        mark,
                        message -> message.topic().equals(DEVICE + "/reported/feature")
                                && message.body().string("state").equals("rolled-back"))
                .body();
        assertTrue(
                operator.all(message -> message.topic().equals(DEVICE + "/reported/feature")).stream()
                        .anyMatch(message -> message.body().string("state").equals("applied")
                                && running(message.body()).containsKey("com.acme.bad")),
                "it was committed first");
        assertEquals("starts-failed", report.object("problem").string("type"));
        assertEquals(before, running(report));
        goesOn();
    }

    @ConcurrentTest
    void configurationThatMakesTheBrokerUnreachable() {
        Feature bad = new Feature(
                "com.acme:bad:1", List.of(), Map.of("io.gatehouse.transport.mqtt", Map.of("uri", "tcp://127.0.0.1:1")));
        putBack("unproven", bad);
    }

    @ConcurrentTest
    void transportThatCarriesNothing() {
        Path hollow = bundles.bundle(
                "io.gatehouse.transport.mqtt",
                "9.0.0",
                Map.of("Provide-Capability", "io.gatehouse.management;io.gatehouse.management=transport"),
                "Nothing",
                "public class Nothing { }");
        putBack("unproven", operator.feature("com.acme:bad:1", hollow));
        assertNothingLost();
    }

    @ConcurrentTest
    void deploymentThatDoesNothing() {
        Path hollow = bundles.bundle(
                "io.gatehouse.deployment",
                "9.0.0",
                Map.of("Provide-Capability", "io.gatehouse.management;io.gatehouse.management=deployment"),
                "Nothing",
                "public class Nothing { }");
        putBack("proof-missing", operator.feature("com.acme:bad:1", hollow));
    }

    @ConcurrentTest
    void declarativeServicesThatDoNothing() {
        Path hollow = bundles.altered(
                FeaturesTest.shipped("org.apache.felix.scr"),
                Map.of("Bundle-Activator", "", "Bundle-Version", "99.0.0"));
        putBack("proof-missing", operator.feature("com.acme:bad:1", hollow));
    }

    @ConcurrentTest
    void whatWasPutBackIsNotTriedAgainAfterARestartButAfterFeatureRetry() throws IOException {
        Path marker = folder.resolve("started");
        Feature bad = operator.feature(
                "com.acme:bad:1",
                bundles.activator(
                        "bad",
                        "1.0.0",
                        "java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + marker
                                + "\"), \"x\"); throw new IllegalStateException(\"no coffee\");"));
        putBack("start-failed", bad);
        Files.delete(marker);
        gateway.cut();
        int mark = operator.mark();
        gateway.startAgain();
        operator.await(
                "the report after the restart",
                mark,
                message -> message.topic().equals(DEVICE + "/reported/feature")
                        && message.body().string("state").equals("rolled-back"));
        assertTrue(Files.notExists(marker), "tried again although nothing had changed");
        operator.command(DEVICE, "feature.retry", Map.of());
        // and not its report: what a kill left in the outbox may come only now
        Awaitility.await("that it is tried again").atMost(Duration.ofMinutes(1)).until(() -> Files.exists(marker));
    }
}
