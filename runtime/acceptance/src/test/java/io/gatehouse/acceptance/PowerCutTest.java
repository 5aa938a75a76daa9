package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at spread moments of a change, from before its message arrives until after its commit: what starts next is
 * exactly the old or exactly the new software, checked bundle by bundle by SHA-256.
 */
final class PowerCutTest {
    private static final String DEVICE = "dwr/311-a1/powercut";
    private static final String TOPIC = DEVICE + "/desired/feature/pair";
    private static final int CUTS = Boolean.getBoolean("gatehouse.long") ? 200 : 25;

    @TempDir
    Path folder;

    private Artemis broker;
    private GatewayProcess gateway;
    private Operator operator;

    @BeforeEach
    void start() throws IOException {
        broker = new Artemis(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        operator = Operator.at(broker.uri());
    }

    @AfterEach
    void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    @Test
    void startsTheOldOrTheNewSoftwareAndNothingElse() throws IOException {
        Bundles bundles = new Bundles(folder);
        List<Feature> versions = new ArrayList<>();
        for (String version : List.of("1.0.0", "2.0.0")) {
            versions.add(operator.feature(
                    "com.acme:pair:" + version,
                    Map.of("com.acme.left.Cleft", Map.of("version", version)),
                    bundles.collector("left", version),
                    bundles.collector("right", version)));
        }
        String digest = operator.desire(DEVICE, "pair", versions.get(0));
        Members applied = operator.ended(DEVICE, TOPIC, digest);
        assertEquals("applied", applied.string("state"));
        long span = Math.round(applied.value("duration")
                                .map(d -> ((Number) d).doubleValue())
                                .orElse(1.0)
                        * 1e9)
                + Duration.ofMillis(800).toNanos();
        int olds = 0;
        int news = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            Feature version = versions.get((cut + 1) % 2);
            Feature next = new Feature(version.id() + "." + cut, version.bundles(), version.configurations());
            String wish = operator.desire(DEVICE, "pair", next);
            LockSupport.parkNanos(span * cut / CUTS);
            gateway.cut();
            Map<String, String> committed = committed();
            boolean isNew = committed.equals(bundles(next));
            assertTrue(
                    isNew || committed.equals(bundles(versions.get(cut % 2))),
                    "cut " + cut + " left a third thing: " + committed);
            news += isNew ? 1 : 0;
            olds += isNew ? 0 : 1;
            int mark = operator.mark();
            gateway.startAgain();
            assertRuns(
                    operator.first("what runs after cut " + cut, mark, message -> message.topic()
                                    .equals(DEVICE + "/runtime/bundles"))
                            .body(),
                    isNew ? next : versions.get(cut % 2));
            Members end = operator.ended(DEVICE, TOPIC, wish);
            assertEquals("applied", end.string("state"), () -> end.values() + "\n" + gateway.log());
            assertEquals(bundles(next), acme(end, "sha256"));
        }
        System.out.println(CUTS + " power cuts over " + span / 1_000_000 + " ms: " + olds + " found the old software, "
                + news + " the new");
        assertTrue(olds > 0, "no cut came before the commit");
    }

    /** The committed document's bundles; each one's artifact is whole. */
    private Map<String, String> committed() throws IOException {
        Members document = Json.read(Files.readAllBytes(gateway.state().resolve("current.json")));
        Map<String, String> bySymbolicName = new HashMap<>();
        for (Members part : document.objects("bundles")) {
            String sha256 = part.string("sha256");
            assertEquals(
                    sha256,
                    Sha256.of(gateway.state().resolve("artifacts").resolve(sha256))
                            .hex());
            bySymbolicName.put(part.string("symbolicName"), sha256);
        }
        return bySymbolicName;
    }

    private static Map<String, String> bundles(Feature feature) {
        Map<String, String> bySymbolicName = new HashMap<>();
        feature.bundles()
                .forEach(bundle -> bySymbolicName.put(
                        bundle.id().split(":", 3)[1], bundle.artifact().sha256().hex()));
        return bySymbolicName;
    }

    /** What the started process says of itself, before it goes on with the change. */
    private static void assertRuns(Members observation, Feature feature) {
        Map<String, String> versions = new HashMap<>();
        feature.bundles().forEach(bundle -> {
            String[] id = bundle.id().split(":", 3);
            versions.put(id[1], id[2]);
        });
        assertEquals(versions, acme(observation, "version"));
    }

    private static Map<String, String> acme(Members list, String member) {
        Map<String, String> bySymbolicName = new HashMap<>();
        list.objects("bundles").stream()
                .filter(bundle -> bundle.string("symbolicName").startsWith("com.acme."))
                .forEach(bundle -> bySymbolicName.put(bundle.string("symbolicName"), bundle.string(member)));
        return bySymbolicName;
    }
}
