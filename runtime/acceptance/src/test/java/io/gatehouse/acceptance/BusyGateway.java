package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * A gateway with much to do: eight collectors that are read every 100 ms, and commands each of which leaves a line in a file.
 * Whatever is done to it, the ledger tells what was lost and what came twice.
 */
final class BusyGateway implements AutoCloseable {
    private static final int COLLECTORS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LOAD = "com.acme.load";

    private final String device;
    private final Mosquitto broker;
    private final Ledger ledger;
    private final GatewayProcess gateway;
    private final Operator operator;
    private final Bundles bundles;
    private final Path effects;
    private final Path readings;

    private BusyGateway(Path folder, String device, List<String> more) throws IOException {
        this.device = device;
        Path sessions = Files.createDirectories(folder.resolve("broker"));
        broker = new Mosquitto(sessions, "user root", "persistence true", "persistence_location " + sessions + "/");
        broker.start();
        effects = Files.createFile(folder.resolve("effects"));
        readings = Files.createFile(folder.resolve("readings"));
        ledger = Ledger.of(broker.uri(), device);
        gateway = GatewayProcess.start(broker.uri(), device, folder.resolve("state"), more.toArray(String[]::new));
        operator = Operator.at(broker.uri());
        bundles = new Bundles(folder);
    }

    /** One that has its load, and is configured so. */
    static BusyGateway start(
            Path folder, String device, Map<String, Map<String, Object>> configurations, String... more)
            throws IOException {
        BusyGateway busy = new BusyGateway(folder, device, List.of(more));
        Feature load = busy.operator.feature("com.acme:load:1", configurations, busy.load());
        assertEquals("applied", busy.desire("load", load).string("state"));
        return busy;
    }

    private Path load() {
        StringBuilder source = new StringBuilder("""
                import io.gatehouse.api.command.*;
                import io.gatehouse.api.telemetry.*;
                import java.nio.file.*;
                import org.osgi.service.component.annotations.Component;
                public class Load {
                    @Component(property = "gatehouse.command=count")
                    public static class Count implements CommandHandler {
                        public Outcome handle(Invocation invocation) throws java.io.IOException {
                            Files.writeString(Path.of("%s"), invocation.id() + "\\n", StandardOpenOption.APPEND);
                            return Outcome.done(java.util.Map.of());
                        }
                    }
                    @Component @Publishes(topic = "example/read", period = "PT0.1S")
                    public static class Read implements Collector {
                        private int times;
                        public Reading read() throws java.io.IOException {
                            Files.writeString(Path.of("%s"), ++times + "\\n", StandardOpenOption.APPEND);
                            return Reading.of("times", times);
                        }
                    }
                """.formatted(effects, readings));
        for (int i = 1; i < COLLECTORS; i++) {
            source.append("""
                    @Component @Publishes(topic = "example/load%d", period = "PT0.1S")
                    public static class C%d implements Collector {
                        public Reading read() { return Reading.of("nanos", System.nanoTime()); }
                    }
                    """.formatted(i, i));
        }
        return bundles.bundle(LOAD, "1.0.0", Map.of(), "Load", source + "}");
    }

    String device() {
        return device;
    }

    Mosquitto broker() {
        return broker;
    }

    Ledger ledger() {
        return ledger;
    }

    GatewayProcess gateway() {
        return gateway;
    }

    Operator operator() {
        return operator;
    }

    Bundles bundles() {
        return bundles;
    }

    /** Sends commands that leave a line each. */
    CommandStream commands() {
        return CommandStream.of(operator, device, "count", Duration.ofMillis(50));
    }

    /** Wants it, and waits for the report of its end. */
    Members desire(String name, Feature feature) {
        String digest = operator.desire(device, name, feature);
        return operator.ended(device, device + "/desired/feature/" + name, digest);
    }

    /** How often the collector was read that notes it, in the first process there was. */
    int timesRead() throws IOException {
        int times = 0;
        for (String line : Files.readAllLines(readings)) {
            int next = Integer.parseInt(line);
            if (next < times) {
                break;
            }
            times = next;
        }
        return times;
    }

    /** How often that was according to what arrived of a boot. */
    int timesArrived(String boot) {
        return ledger
                .all(arrival -> arrival.boot().equals(boot) && arrival.topic().equals(device + "/example/read"))
                .stream()
                .mapToInt(arrival -> (int) Json.read(arrival.payload()).integer("times", 1, Integer.MAX_VALUE))
                .max()
                .orElse(0);
    }

    /** The boot of what came last. */
    String boot() {
        List<Ledger.Arrival> all = ledger.all(arrival -> true);
        return all.get(all.size() - 1).boot();
    }

    /** A command is answered, and observations come. */
    void assertGoesOn() {
        Outcome outcome = operator.command(device, "ping", Map.of());
        assertTrue(outcome instanceof Outcome.Done, () -> outcome + "\n" + gateway.log());
        int before = ledger.size();
        Awaitility.await("observations").atMost(PATIENCE).until(() -> ledger.size() > before);
    }

    /** Nobody was told that the device left. */
    void assertNeverOffline() {
        assertFalse(ledger.states().contains("offline"), () -> ledger.states().toString());
    }

    /** Of all that was observed nothing is missing and nothing came twice. */
    void assertNothingLostNothingTwice() {
        int before = ledger.size();
        Awaitility.await("observations without a gap")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> {
                    assertTrue(ledger.size() > before + 2 * COLLECTORS);
                    assertEquals(Map.of(), ledger.missing());
                });
        assertTrue(ledger.twice().isEmpty(), () -> "came twice: " + ledger.twice());
    }

    /** Each command ended once, and was carried out once where it ended well, else at most once. By state, how many there were. */
    Map<String, Integer> assertEachCommandOnce(CommandStream commands) throws IOException {
        Map<String, List<Outcome>> ends = commands.ends();
        Map<String, Integer> times = effects();
        Map<String, Integer> counts = new TreeMap<>();
        ends.forEach((id, outcomes) -> {
            assertEquals(1, outcomes.size(), () -> id + " ended " + outcomes + "\n" + gateway.log());
            Outcome outcome = outcomes.get(0);
            int effect = times.getOrDefault(id, 0);
            if (outcome instanceof Outcome.Done) {
                assertEquals(1, effect, () -> id + " is done");
            } else if (outcome instanceof Outcome.Refused) {
                assertEquals(0, effect, () -> id + ": " + outcome);
            } else {
                assertTrue(effect <= 1, () -> id + ": " + outcome);
            }
            counts.merge(words(outcome), 1, Integer::sum);
        });
        return counts;
    }

    /** How often each command was carried out, by its id. */
    Map<String, Integer> effects() throws IOException {
        Map<String, Integer> times = new HashMap<>();
        Files.readAllLines(effects).forEach(id -> times.merge(id, 1, Integer::sum));
        return times;
    }

    /** Of a report: which version of a bundle runs. */
    static String version(Members report, String symbolicName) {
        return report.objects("bundles").stream()
                .filter(bundle -> bundle.string("symbolicName").equals(symbolicName))
                .map(bundle -> bundle.string("version"))
                .findFirst()
                .orElse("absent");
    }

    /** Of a report: how long the change took. */
    static long milliseconds(Members report) {
        return report.value("duration")
                .map(seconds -> Math.round(((Number) seconds).doubleValue() * 1000))
                .orElse(-1L);
    }

    static String words(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return "refused " + refused.problem().type();
        }
        return outcome instanceof Outcome.Failed failed
                ? "failed " + failed.problem().type()
                : "done";
    }

    @Override
    public void close() {
        operator.close();
        ledger.close();
        gateway.close();
        broker.close();
    }
}
