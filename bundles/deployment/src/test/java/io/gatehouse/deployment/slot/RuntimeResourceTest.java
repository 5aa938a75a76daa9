package io.gatehouse.deployment.slot;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.deployment.Progress;
import io.gatehouse.protocol.Json;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.RuntimeSlots;
import io.gatehouse.software.SlotRefused;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RuntimeResourceTest {
    private static final String A = "a".repeat(64);
    private static final String B = "b".repeat(64);

    private final FakeSlots slots = new FakeSlots();
    private final List<Map<String, ?>> reports = new CopyOnWriteArrayList<>();
    private final List<Artifact> fetched = new CopyOnWriteArrayList<>();
    private volatile String unavailable = "";
    private final RuntimeResource resource = new RuntimeResource(
            slots,
            new Reconciliation(
                    slots,
                    artifacts(),
                    new RuntimeReports(outbox(), slots, new Progress(System::nanoTime)),
                    () -> {},
                    Duration.ofMillis(10)),
            Duration.ofMillis(1));

    @AfterEach
    void close() {
        resource.close();
    }

    /** A launcher that remembers what it was asked for. */
    private static final class FakeSlots implements RuntimeSlots {
        final List<String> done = new CopyOnWriteArrayList<>();
        final Queue<List<Complaint>> passing = new ArrayDeque<>();
        final CountDownLatch proven = new CountDownLatch(1);
        volatile RuntimeSlot running = new RuntimeSlot("1.0", Optional.empty(), Map.of());
        volatile Optional<Left> left = Optional.empty();
        volatile boolean refuses;
        volatile boolean isOnProbation;

        @Override
        public RuntimeSlot running() {
            return running;
        }

        @Override
        public boolean isOnProbation() {
            return isOnProbation;
        }

        @Override
        public void awaitProven() throws InterruptedException {
            if (isOnProbation) {
                proven.await();
            }
        }

        @Override
        public Health health() {
            return new Health(Map.of(), Set.of());
        }

        @Override
        public Optional<Left> left() {
            return left;
        }

        @Override
        public void settle() {
            done.add("settled");
        }

        @Override
        public void install(Path archive, String sha256) throws SlotRefused {
            if (refuses) {
                throw new SlotRefused("bad-archive", "it is a link");
            }
            done.add("installed " + sha256.charAt(0));
        }

        @Override
        public List<Complaint> askForReset(String command, boolean identity) {
            throw new UnsupportedOperationException("nobody asks for that here");
        }

        @Override
        public void leaveForReset() {
            throw new UnsupportedOperationException("nobody asks for that here");
        }

        @Override
        public Optional<Reset> lastReset() {
            throw new UnsupportedOperationException("nobody asks for that here");
        }

        @Override
        public List<Complaint> start(RuntimeSlot next) {
            List<Complaint> first = passing.poll();
            if (first != null) {
                return first;
            }
            done.add("started " + next.version() + " of " + next.desired());
            return List.of();
        }
    }

    private Outbox outbox() {
        return (Outbox) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Outbox.class}, (proxy, method, arguments) -> {
                    assertEquals("report", method.getName());
                    assertEquals("runtime", arguments[0]);
                    @SuppressWarnings("unchecked")
                    Map<String, ?> body = (Map<String, ?>) arguments[1];
                    reports.add(Json.read(Json.write(body)).values());
                    return null;
                });
    }

    private Artifacts artifacts() {
        return (Artifacts) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Artifacts.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hold" -> (Artifacts.Hold) () -> {};
                    case "lacking" -> 0L;
                    case "fetch" -> {
                        if (!unavailable.isEmpty()) {
                            throw new ArtifactUnavailable(unavailable, "nobody has it", null);
                        }
                        fetched.add((Artifact) arguments[0]);
                        yield Path.of("file");
                    }
                    default -> throw new AssertionError(method);
                });
    }

    private static Desired desired(String scope, int breadth, Object spec) {
        return new Desired(
                scope + "/desired/runtime", breadth, Optional.empty(), spec, "digest-" + breadth, Optional.empty());
    }

    private static Map<String, Object> spec(String version, String sha256) {
        return new HashMap<>(Map.of("version", version, "sha256", sha256, "size", 7L));
    }

    private Map<String, ?> report(String state) {
        await().until(() -> !reports.isEmpty()
                && state.equals(reports.get(reports.size() - 1).get("state")));
        return reports.get(reports.size() - 1);
    }

    private static String problem(Map<String, ?> report) {
        return report.get("problem") instanceof Map<?, ?> problem
                ? problem.get("type") + ": " + problem.get("detail")
                : "";
    }

    @Test
    void theNarrowestScopesRuntimeIsFetchedUnpackedAndStarted() {
        resource.desired(List.of(desired("dwr", 0, spec("1.1", A)), desired("dwr/311-a1/x", 2, spec("1.2", B))));
        await().until(() -> slots.done.size() == 2);
        assertEquals(
                List.of(
                        "installed b",
                        "started 1.2 of "
                                + Map.copyOf(Map.of(
                                        "dwr/desired/runtime",
                                        "digest-0",
                                        "dwr/311-a1/x/desired/runtime",
                                        "digest-2"))),
                slots.done);
        assertEquals(List.of(new Artifact(new Sha256(B), 7, Optional.empty())), fetched);
        assertEquals(
                List.of("fetch", "unpack", "restart"),
                reports.stream().map(report -> report.get("step")).toList());
        assertEquals("1.0", reports.get(0).get("version"));
    }

    @Test
    void whatRunsIsReportedOnceItHasProvenItself() {
        slots.running = new RuntimeSlot("1.1", Optional.of(A), Map.of());
        slots.isOnProbation = true;
        resource.desired(List.of(desired("dwr", 0, spec("1.1", A))));
        assertEquals("prove", report("applying").get("step"));
        slots.isOnProbation = false;
        slots.proven.countDown();
        Map<String, ?> applied = report("applied");
        assertEquals("1.1", applied.get("version"));
        assertEquals(A, applied.get("sha256"));
        await().until(() -> slots.done.equals(List.of("settled")));
        assertFalse(resource.retry(), "there is nothing to retry");
    }

    @Test
    void withoutAnyWishTheImagesRuntimeIsGoneBackTo() {
        slots.running = new RuntimeSlot("1.1", Optional.of(A), Map.of());
        resource.desired(List.of());
        await().until(() -> slots.done.equals(List.of("started image of {}")));
        assertEquals(List.of(), fetched);
    }

    @Test
    void whatWasLeftIsTriedAgainOnlyForAnotherDocumentOrWhenAskedFor() {
        Map<String, String> wish = Map.of("dwr/desired/runtime", "digest-0");
        slots.left = Optional.of(new RuntimeSlots.Left(new RuntimeSlot("1.1", Optional.of(A), wish), "it hung"));
        List<Desired> all = List.of(desired("dwr", 0, spec("1.1", A)));
        resource.desired(all);
        assertEquals("starts-failed: it hung; 1.0 runs again", problem(report("rolled-back")));
        assertEquals(List.of(), slots.done);
        assertTrue(resource.retry());
        await().until(() -> slots.done.contains("started 1.1 of " + wish));
        slots.done.clear();
        resource.desired(List.of(desired("dwr/311-a1", 1, spec("1.1", A))));
        await().until(() -> slots.done.size() == 2);
    }

    @Test
    void waitsUntilWhatMayPassHasPassed() {
        slots.passing.add(List.of(Complaint.passing("no message came back")));
        slots.passing.add(List.of(Complaint.passing("no message came back")));
        resource.desired(List.of(desired("dwr", 0, spec("1.1", A))));
        assertEquals("unproven: no message came back", problem(report("waiting")));
        await().until(() -> slots.done.size() == 2);
    }

    @Test
    void refusesWhatIsNoDocumentAndWhatIsNoRuntime() {
        resource.desired(List.of(desired("dwr", 0, "1.1")));
        assertTrue(problem(report("refused")).startsWith("bad-runtime: dwr/desired/runtime: spec must be an object"));
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of(
                        "version", " ", "sha256", "A".repeat(64), "size", 0L, "url", "ftp://user:secret@x/y")
                .entrySet()) {
            reports.clear();
            Map<String, Object> spec = spec("1.1", A);
            spec.put(wrong.getKey(), wrong.getValue());
            resource.desired(List.of(desired("dwr", 0, spec)));
            String words = problem(report("refused"));
            assertTrue(words.startsWith("bad-runtime: dwr/desired/runtime: spec." + wrong.getKey()), words);
            assertFalse(words.contains("secret"), words);
        }
        slots.refuses = true;
        reports.clear();
        resource.desired(List.of(desired("dwr", 0, spec("1.1", A))));
        assertEquals("bad-archive: it is a link", problem(report("refused")));
        assertEquals(List.of(), slots.done);
    }

    @Test
    void whatCannotBeHadFailsOrIsRefused() {
        unavailable = "unreachable";
        resource.desired(List.of(desired("dwr", 0, spec("1.1", A))));
        assertEquals("unreachable: nobody has it", problem(report("failed")));
        unavailable = "wrong-digest";
        assertTrue(resource.retry());
        assertEquals("wrong-digest: nobody has it", problem(report("refused")));
    }
}
