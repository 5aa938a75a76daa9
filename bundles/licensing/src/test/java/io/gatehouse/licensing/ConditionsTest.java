package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.framework.FrameworkFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.service.condition.Condition;

/** Conditions in a real framework, whoever waits for them and however long that one takes. */
final class ConditionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String RAIN = "license.rain";
    private static final String SNOW = "license.snow";

    @TempDir
    Path folder;

    private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
    private Framework framework;
    private BundleContext context;
    private Conditions conditions;

    @BeforeEach
    void open() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage", folder.resolve("cache").toString(),
                        "org.osgi.framework.storage.clean", "onFirstInit",
                        "org.osgi.framework.system.packages.extra", "org.osgi.service.condition;version=1.0.0",
                        "felix.log.level", "1"));
        framework.start();
        context = framework.getBundleContext();
        conditions = new Conditions(context, PATIENCE);
        context.addServiceListener(
                event -> happened.add(switch (event.getType()) {
                            case ServiceEvent.REGISTERED -> "+";
                            case ServiceEvent.UNREGISTERING -> "-";
                            default -> "=";
                        }
                        + event.getServiceReference().getProperty(Condition.CONDITION_ID)),
                "(|(osgi.condition.id=license.*)(osgi.condition.id=" + Conditions.KNOWN + "))");
    }

    @AfterEach
    void close() throws Exception {
        framework.stop();
        framework.waitForStop(TimeUnit.SECONDS.toMillis(30));
    }

    @Test
    void thatAllAreKnownComesLastAndGoesFirst() throws Exception {
        grant("snow", "rain");
        conditions.withdrawAll();
        assertEquals(
                List.of("+" + RAIN, "+" + SNOW, "+" + Conditions.KNOWN, "-" + Conditions.KNOWN, "-" + RAIN, "-" + SNOW),
                happened);
    }

    @Test
    void nothingIsKnownBeforeSomethingIsWanted() {
        conditions.settle();
        assertEquals(List.of(), happened);
        grant();
        assertEquals(List.of("+" + Conditions.KNOWN), happened);
    }

    @Test
    void otherLimitsChangeTheConditionThatIsThere() {
        grant("rain");
        conditions.want(Map.of("rain", new Limits(new TreeMap<>(Map.of("targets", 5L)))));
        conditions.settle();
        assertEquals(List.of("+" + RAIN, "+" + Conditions.KNOWN, "=" + RAIN), happened);
    }

    @Test
    void oneThatHangsAsItStartsKeepsNobodyElse() throws Exception {
        try (Hanging hanging = Hanging.at(ServiceEvent.REGISTERED, RAIN, context)) {
            grant("rain", "snow");
            assertEquals(Set.of(RAIN, SNOW, Conditions.KNOWN), there());
            grant("rain");
            assertEquals(Set.of(RAIN, Conditions.KNOWN), there());
            assertEquals(0, hanging.begun.getCount());
            assertEquals(1, threads());
        }
        awaitNoThread();
    }

    @Test
    void oneThatHangsAsItStopsKeepsNobodyElse() throws Exception {
        grant("rain", "snow");
        try (Hanging hanging = Hanging.at(ServiceEvent.UNREGISTERING, RAIN, context)) {
            grant();
            assertEquals(Set.of(Conditions.KNOWN), there());
            assertEquals(0, hanging.begun.getCount());
        }
        awaitNoThread();
    }

    @Test
    void whatBecameOfItMeanwhileFollowsWhenItHangsNoMore() throws Exception {
        try (Hanging hanging = Hanging.at(ServiceEvent.REGISTERED, RAIN, context)) {
            grant("rain");
            grant();
            assertTrue(there().contains(RAIN), "who hangs is not taken from itself");
            assertEquals(0, hanging.begun.getCount());
        }
        Awaitility.await("the end of it").until(() -> !there().contains(RAIN));
        awaitNoThread();
        grant("rain");
        assertTrue(there().contains(RAIN));
    }

    @Test
    void anEndWaitsForNobodyWhoHangs() throws Exception {
        grant("rain", "snow", "wind");
        try (Hanging rain = Hanging.at(ServiceEvent.UNREGISTERING, RAIN, context);
                Hanging snow = Hanging.at(ServiceEvent.UNREGISTERING, SNOW, context)) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> conditions.withdrawAll());
            assertEquals(Set.of(), there());
            assertEquals(0, rain.begun.getCount() + snow.begun.getCount());
        }
        awaitNoThread();
    }

    @Test
    void anEndWaitsForWhoeverIsAtIt() throws Exception {
        conditions = new Conditions(context, Duration.ofMinutes(1));
        try (Hanging hanging = Hanging.at(ServiceEvent.REGISTERED, RAIN, context)) {
            Thread other = new Thread(() -> grant("rain"));
            other.start();
            hanging.begun.await();
            Thread end = new Thread(() -> {
                try {
                    conditions.withdrawAll();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            end.start();
            Awaitility.await("who waits for the other").until(() -> end.getState() == Thread.State.WAITING);
            hanging.letGo();
            end.join();
            other.join();
        }
        assertEquals(Set.of(), there());
        grant("rain");
        assertEquals(Set.of(), there(), "it has ended");
    }

    @Test
    void changesHaveAThreadOfTheirOwnOneAtATimeAndNoneIsLeft() throws Exception {
        AtomicInteger most = new AtomicInteger();
        Thread mine = Thread.currentThread();
        context.addServiceListener(event -> {
            assertNotSame(mine, Thread.currentThread());
            most.accumulateAndGet(threads(), Math::max);
        });
        grant("rain", "snow", "wind");
        awaitNoThread();
        assertEquals(1, most.get());
    }

    @Test
    void whoeverIsStartedMayHaveEverythingLookedAtAgain() throws Exception {
        context.addServiceListener(
                event -> {
                    if (event.getType() == ServiceEvent.REGISTERED) {
                        grant("snow");
                    }
                },
                "(osgi.condition.id=" + RAIN + ")");
        grant("rain");
        assertEquals(Set.of(SNOW, Conditions.KNOWN), there());
        assertFalse(happened.contains("-" + Conditions.KNOWN));
    }

    private void grant(String... features) {
        Map<String, Limits> all = new TreeMap<>();
        List.of(features).forEach(feature -> all.put(feature, Limits.NONE));
        conditions.want(all);
        conditions.settle();
    }

    private Set<String> there() throws Exception {
        Set<String> ids = new TreeSet<>();
        for (ServiceReference<Condition> one : context.getServiceReferences(Condition.class, null)) {
            ids.add(String.valueOf(one.getProperty(Condition.CONDITION_ID)));
        }
        ids.remove(Condition.CONDITION_ID_TRUE);
        return ids;
    }

    private static int threads() {
        Thread[] all = new Thread[Thread.activeCount() + 50];
        int count = Thread.enumerate(all);
        return (int) Arrays.stream(all, 0, count)
                .filter(thread -> thread.getName().startsWith("license.")
                        || thread.getName().equals(Conditions.KNOWN))
                .count();
    }

    private static void awaitNoThread() {
        Awaitility.await("the end of all threads").until(() -> threads() == 0);
    }
}
