package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be replaced in place is replaced as a slot: kept when it proves itself, left when it does not. */
final class SlotTest {
    private static final String DEVICE = "dwr/311-a1/slot";
    private static final String TOPIC = DEVICE + "/desired/runtime";
    private static final int CUTS = Boolean.getBoolean("gatehouse.long") ? 60 : 6;

    @TempDir
    Path folder;

    private Artemis broker;
    private GatewayProcess gateway;
    private Operator operator;
    private String version;

    @BeforeEach
    void start(TestInfo test) throws IOException {
        System.out.println("— " + test.getDisplayName());
        broker = new Artemis(Files.createDirectories(folder.resolve("broker")));
        broker.start();
    }

    @AfterEach
    void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    private void run(String probation) {
        gateway = GatewayProcess.start(
                broker.uri(), DEVICE, folder.resolve("state"), "-D", "gatehouse.probation=" + probation);
        operator = Operator.at(broker.uri());
        version = report("the image's runtime", 0, "applied").string("version");
    }

    /** The first report of this state. */
    private Members report(String what, int mark, String state) {
        return operator.first(
                        what,
                        mark,
                        message -> message.topic().equals(DEVICE + "/reported/runtime")
                                && message.body().string("state").equals(state))
                .body();
    }

    /** Wants it; its SHA-256. */
    private String desire(String wanted, RuntimeArchive archive) throws IOException {
        Artifact artifact = operator.serve(archive.write(folder.resolve(wanted + ".zip")));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("version", wanted);
        spec.put("sha256", artifact.sha256().hex());
        spec.put("size", artifact.size());
        operator.publish(TOPIC, new Envelope(Optional.of(spec), Rollout.ALL).write(), true);
        return artifact.sha256().hex();
    }

    /** The folder whose jars the Java process has, by its command line. */
    private String runs() {
        // One that ends, or is being started, has none.
        List<String> line = List.of(Awaitility.await("a command line")
                .until(() -> gateway.java().info().arguments(), Optional::isPresent)
                .orElseThrow());
        String classes = line.get(line.indexOf("-cp") + 1);
        return Path.of(classes.split(":")[0])
                .getParent()
                .getParent()
                .getFileName()
                .toString();
    }

    private String framework(int mark) {
        return operator
                .await("what runs", mark, message -> message.topic().equals(DEVICE + "/runtime/bundles"))
                .body()
                .objects("bundles")
                .stream()
                .filter(bundle -> bundle.string("symbolicName").equals("org.apache.felix.framework"))
                .map(bundle -> bundle.string("version"))
                .findFirst()
                .orElseThrow();
    }

    private void goesOn() {
        int mark = operator.mark();
        operator.await("load goes on", mark, message -> message.topic().equals(DEVICE + "/hardware/loadavg"));
        assertTrue(operator.command(DEVICE, "ping", Map.of()) instanceof Outcome.Done);
    }

    @ConcurrentTest
    void anotherFrameworkProvesItselfIsKeptAndIsLeftWhenItIsWantedNoLonger() throws IOException {
        run("PT60S");
        Bundles bundles = new Bundles(folder);
        String good = operator.desire(
                DEVICE, "good", operator.feature("com.acme:good:1", bundles.collector("good", "1.0.0")));
        operator.ended(DEVICE, DEVICE + "/desired/feature/good", good);
        assertEquals("7.0.5", framework(0));

        int mark = operator.mark();
        String sha256 = desire("1.3.0", RuntimeArchive.shipped().withOtherFramework());
        Members applied = operator.first(
                        "the new runtime",
                        mark,
                        message -> message.topic().equals(DEVICE + "/reported/runtime")
                                && message.body().string("version").equals("1.3.0")
                                && message.body().string("state").equals("applied"))
                .body();
        assertEquals(sha256, applied.string("sha256"));
        assertTrue(applied.object("desired").has(TOPIC));
        assertEquals(sha256, runs());
        assertEquals("7.0.3", framework(mark));
        operator.await("the plug-in goes on", operator.mark(), message -> message.topic()
                .equals(DEVICE + "/example/good"));
        goesOn();
        assertTrue(Files.exists(slots().resolve("current")));

        mark = operator.mark();
        gateway.cut();
        gateway.startAgain();
        assertEquals("1.3.0", report("after a power cut", mark, "applied").string("version"));
        assertEquals(sha256, runs());

        mark = operator.mark();
        operator.publish(TOPIC, Envelope.REMOVED.write(), true);
        operator.first(
                "the image's runtime",
                mark,
                message -> message.topic().equals(DEVICE + "/reported/runtime")
                        && message.body().string("version").equals(version)
                        && message.body().string("state").equals("applied"));
        assertEquals(GatewayProcess.home().getFileName().toString(), runs());
        goesOn();
        assertFalse(Files.exists(slots().resolve(sha256)), "its files are deleted");
    }

    private Path slots() {
        return gateway.state().resolve("slots");
    }

    @ConcurrentTest
    void whatHangsAtItsStartIsLeftAndNotTriedAgainUntilItIsAskedFor() throws IOException {
        run("PT4S");
        Path hanging = new Bundles(folder).bundle("io.gatehouse.launcher", "9.0.0", Map.of(), "Launcher", """
                public class Launcher {
                    public static void main(String[] line) throws Exception {
                        new java.util.concurrent.CountDownLatch(1).await();
                    }
                }
                """);
        int mark = operator.mark();
        String sha256 = desire("1.4.0", RuntimeArchive.shipped().withLauncher(hanging));
        Members report = report("the runtime before it", mark, "rolled-back");
        assertEquals(version, report.string("version"));
        assertFalse(report.has("sha256"));
        assertEquals("starts-failed", report.object("problem").string("type"));
        assertEquals(
                "it did not prove itself within 4 s, and was killed; " + version + " runs again",
                report.object("problem").string("detail"));
        goesOn();

        mark = operator.mark();
        gateway.cut();
        gateway.startAgain();
        report("after a power cut", mark, "rolled-back");
        assertEquals(
                3,
                gateway.log().split("starting the runtime " + sha256 + " on probation", -1).length - 1,
                gateway.log());

        mark = operator.mark();
        assertTrue(operator.command(DEVICE, "runtime.retry", Map.of()) instanceof Outcome.Done);
        report("the retry", mark, "rolled-back");
        assertEquals(
                6,
                gateway.log().split("starting the runtime " + sha256 + " on probation", -1).length - 1,
                gateway.log());
    }

    @ConcurrentTest
    void whatCannotReachTheBrokerIsLeft() throws IOException {
        run("PT16S");
        int mark = operator.mark();
        desire(
                "1.5.0",
                RuntimeArchive.shipped()
                        .withConfigurations("{\"io.gatehouse.transport.mqtt\":{\"uri\":\"tcp://127.0.0.1:1\"}}"));
        Members report = report("the runtime before it", mark, "rolled-back");
        assertEquals(version, report.string("version"));
        assertTrue(
                report.object("problem").string("detail").contains("no message came back from the broker"),
                report.values().toString());
        goesOn();
    }

    @ConcurrentTest
    void whatIsNoRuntimeIsRefusedBeforeAnythingIsSwitched() throws IOException {
        run("PT60S");
        long java = gateway.java().pid();
        int mark = operator.mark();
        desire("1.6.0", RuntimeArchive.shipped().with("lib/../../evil", new byte[1]));
        Members refused = report("the refusal", mark, "refused");
        assertEquals("bad-archive", refused.object("problem").string("type"));
        assertTrue(refused.object("problem").string("detail").contains("lib/../../evil"));
        mark = operator.mark();
        operator.publish(TOPIC, new Envelope(Optional.of(Map.of("version", "1.7.0")), Rollout.ALL).write(), true);
        refused = report("the refusal", mark, "refused");
        assertEquals("bad-runtime", refused.object("problem").string("type"));
        assertEquals(java, gateway.java().pid());
        goesOn();
    }

    /** From before the message arrives until after the commit. */
    @ConcurrentTest
    void aPowerCutFindsTheOldRuntimeOrTheNewOneAndTheChangeGoesOn() throws IOException {
        run("PT60S");
        long span = Duration.ofSeconds(8).toNanos();
        String before = version;
        for (int cut = 0; cut < CUTS; cut++) {
            int mark = operator.mark();
            String next = "2." + cut;
            RuntimeArchive archive = RuntimeArchive.shipped().with("conf/cut", next.getBytes());
            String sha256 = desire(next, cut % 2 == 0 ? archive : archive.withOtherFramework());
            LockSupport.parkNanos(span * cut / CUTS);
            gateway.cut();
            gateway.startAgain();
            Members end = operator.first(
                            "the end of change " + next,
                            mark,
                            message -> message.topic().equals(DEVICE + "/reported/runtime")
                                    && (message.body().string("version").equals(next)
                                                    && message.body()
                                                            .string("state")
                                                            .equals("applied")
                                            || message.body().string("state").equals("rolled-back")))
                    .body();
            assertEquals("applied", end.string("state"), () -> end.values() + "\n" + gateway.log());
            assertEquals(sha256, runs());
            String old = before;
            assertTrue(
                    operator.since(mark, message -> message.topic().equals(DEVICE + "/reported/runtime")).stream()
                            .map(message -> message.body().string("version"))
                            .allMatch(one -> one.equals(old) || one.equals(next)),
                    "neither the old nor the new runtime ran");
            before = next;
        }
    }
}
