package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.device.DeviceClock;
import io.gatehouse.protocol.license.Term;
import io.gatehouse.testkit.FakeDevice;
import io.gatehouse.testkit.MemoryStore;
import io.gatehouse.testkit.RecordedOutbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.ListenerHook;
import org.osgi.framework.launch.Framework;
import org.osgi.service.condition.Condition;

/** The components as Declarative Services make and end them, in the time and with the threads that they have on a device. */
final class LifecycleTest {
    private static final String RAIN = "license.com.acme.rain";

    @TempDir
    Path folder;

    private final MemoryStore store = new MemoryStore();
    private final RecordedOutbox outbox = new RecordedOutbox();
    private final Asking asking = new Asking();
    private Bench documents;
    private Framework framework;
    private BundleContext context;
    private Conditions conditions;

    @BeforeEach
    void open() throws Exception {
        documents = new Bench(folder);
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", folder.resolve("cache2").toString(),
                        "org.osgi.framework.storage.clean", "onFirstInit",
                        "org.osgi.framework.system.packages.extra", "org.osgi.service.condition;version=1.0.0",
                        "felix.log.level", "1"));
        framework.start();
        context = framework.getBundleContext();
        context.registerService(ListenerHook.class, asking, null);
        conditions = new Conditions(context);
    }

    @AfterEach
    void close() throws Exception {
        documents.close();
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(30));
    }

    @Test
    void waitsForAllThreeKindsOfDocumentsAndLeavesNoThread() {
        documents.bring("rain", documents.token("1", 1, Term.PERPETUAL));
        Licensing licensing = licensing();
        licensing.trust(documents.trusted());
        licensing.licenses(documents.licenses());
        assertEquals(Set.of(), there());
        licensing.revocations(List.of());
        Awaitility.await("what is granted").until(() -> there().equals(Set.of(RAIN, Conditions.KNOWN)));
        awaitNoThread();
        assertEquals(1, outbox.events("license").size());
    }

    @Test
    void endsAndBeginsAgainOnWhatItKept() throws Exception {
        documents.bring("rain", documents.token("1", 1, Bench.until(Duration.ofDays(9), Duration.ZERO)));
        Licensing licensing = begin();
        Awaitility.await("what is granted").until(() -> there().equals(Set.of(RAIN, Conditions.KNOWN)));
        licensing.stop();
        assertTrue(store.get("license/acme/1").isPresent());
        licensing.licenses(List.of());
        documents.takeAway("rain");
        documents.bring("snow", documents.token("2", 1, Term.PERPETUAL));
        begin();
        Awaitility.await("what comes next").until(() -> outbox.events("license").size() == 3);
        awaitNoThread();
        assertEquals(
                List.of("granted", "removed", "granted"),
                outbox.events("license").stream()
                        .map(event -> String.valueOf(event.get("state")))
                        .toList());
        conditions.withdrawAll();
        assertEquals(Set.of(), there());
    }

    private Licensing begin() {
        Licensing licensing = licensing();
        licensing.trust(documents.trusted());
        licensing.revocations(List.of());
        licensing.licenses(documents.licenses());
        return licensing;
    }

    private Licensing licensing() {
        DeviceClock clock = () -> new DeviceClock.Time(Bench.BEGIN, Instant.EPOCH, true);
        return new Licensing(context, FakeDevice.named(Bench.DEVICE), clock, store, outbox, conditions, asking);
    }

    private Set<String> there() {
        Set<String> ids = new TreeSet<>();
        try {
            for (ServiceReference<Condition> one : context.getServiceReferences(Condition.class, null)) {
                ids.add(String.valueOf(one.getProperty(Condition.CONDITION_ID)));
            }
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
        ids.remove(Condition.CONDITION_ID_TRUE);
        return ids;
    }

    private static void awaitNoThread() {
        Awaitility.await("the end of all threads").until(() -> {
            Thread[] all = new Thread[Thread.activeCount() + 50];
            int count = Thread.enumerate(all);
            return Arrays.stream(all, 0, count)
                    .map(Thread::getName)
                    .noneMatch(name -> name.equals("gatehouse-licensing") || name.startsWith("license."));
        });
    }
}
