package io.gatehouse.telemetry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** Collectors as services of a real framework; the test tells of them as Declarative Services would. */
final class TelemetryTest {
    private final RecordingOutbox outbox = new RecordingOutbox();
    private final CountDownLatch end = new CountDownLatch(1);

    @TempDir
    private Path folder;

    private Framework framework;
    private BundleContext context;
    private Telemetry telemetry;

    @BeforeEach
    void start() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(
                        Map.of(
                                Constants.FRAMEWORK_STORAGE,
                                folder.toString(),
                                Constants.FRAMEWORK_SYSTEMCAPABILITIES_EXTRA,
                                "io.gatehouse.publishes;topic=\"a/#\",io.gatehouse.publishes;topic:List<String>=\"b/one,b/two\""));
        framework.start();
        context = framework.getBundleContext();
        telemetry = new Telemetry(context, new Accounts(), Clock.systemUTC());
        telemetry.setOutbox(outbox);
    }

    @AfterEach
    void stop() throws Exception {
        end.countDown();
        telemetry.close();
        framework.stop();
        framework.waitForStop(5_000);
    }

    @Test
    void readsAComponentThatIsMadeAnewWhenTheOldOneCameBack() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        ServiceRegistration<Collector> old = register(
                () -> {
                    begun.countDown();
                    return WithRounds.waitFor(free);
                },
                Map.of("component.name", "slow", "gatehouse.topic", "a/slow", "gatehouse.deadline", "PT60S"));
        telemetry.addCollector(old.getReference());
        await().until(() -> begun.getCount() == 0);
        ServiceReference<Collector> gone = old.getReference();
        old.unregister();
        telemetry.removeCollector(gone);
        telemetry.addCollector(
                register(() -> Reading.of("new", true), Map.of("component.name", "slow", "gatehouse.topic", "a/slow"))
                        .getReference());

        telemetry.addCollector(
                register(() -> Reading.of("x", 1), Map.of("gatehouse.topic", "a/steady", "gatehouse.period", "PT0.1S"))
                        .getReference());
        await().until(() -> outbox.at("a/steady").size() >= 3);
        assertEquals(List.of(), outbox.at("a/slow"));
        free.countDown();
        await().until(() -> outbox.at("a/slow").size() == 1);
        assertEquals(Map.of("new", true), outbox.at("a/slow").get(0).body());
    }

    @Test
    void readsAtOnceByItsNewPropertiesAndDoesNotMakeItAnewForThem() {
        Counting factory = new Counting();
        ServiceRegistration<Collector> registration = register(factory, Map.of("gatehouse.topic", "a/old"));
        telemetry.addCollector(registration.getReference());
        await().until(() -> outbox.at("a/old").size() == 1);
        registration.setProperties(dictionary(Map.of("gatehouse.topic", "a/new")));
        telemetry.updateCollector(registration.getReference());
        await().until(() -> outbox.at("a/new").size() == 1);
        assertEquals(1, factory.made.get());
        assertEquals(0, factory.givenBack.get());
    }

    @Test
    void givesACollectorBackWhenItsNewPropertiesWillNotDo() {
        Counting factory = new Counting();
        ServiceRegistration<Collector> registration =
                register(factory, Map.of("component.name", "counting", "gatehouse.topic", "a/old"));
        telemetry.addCollector(registration.getReference());
        await().until(() -> outbox.at("a/old").size() == 1);
        registration.setProperties(dictionary(Map.of("component.name", "counting", "gatehouse.topic", "nowhere")));
        telemetry.updateCollector(registration.getReference());
        await().until(() -> factory.givenBack.get() == 1);
        assertEquals(List.of("refused"), outbox.statesOf("counting"));

        registration.setProperties(dictionary(Map.of("component.name", "counting", "gatehouse.topic", "a/new")));
        telemetry.updateCollector(registration.getReference());
        await().until(() -> outbox.at("a/new").size() == 1);
    }

    @Test
    void publishesAtDeclaredTopicsAlone() {
        for (String topic : List.of("b/one", "b/two", "b/three", "c/one", "ab/one")) {
            telemetry.addCollector(register(
                            () -> Reading.of("x", 1), Map.of("component.name", "at " + topic, "gatehouse.topic", topic))
                    .getReference());
        }
        await().until(() -> outbox.at("b/one").size() == 1 && outbox.at("b/two").size() == 1);
        for (String topic : List.of("b/three", "c/one", "ab/one")) {
            assertEquals(List.of("refused"), outbox.statesOf("at " + topic));
        }
        assertTrue(outbox.events.toString().contains("does not declare the topic b/three but [a/#, b/one, b/two]"));
    }

    @Test
    void configurationLeadsToNoTopicThatIsNotDeclared() {
        Counting factory = new Counting();
        ServiceRegistration<Collector> registration =
                register(factory, Map.of("component.name", "moved", "gatehouse.topic", "b/one"));
        telemetry.addCollector(registration.getReference());
        await().until(() -> outbox.at("b/one").size() == 1);
        registration.setProperties(dictionary(Map.of("component.name", "moved", "gatehouse.topic", "hardware/cpu")));
        telemetry.updateCollector(registration.getReference());
        await().until(() -> factory.givenBack.get() == 1);
        assertEquals(List.of("refused"), outbox.statesOf("moved"));
    }

    private ServiceRegistration<Collector> register(Collector collector, Map<String, ?> properties) {
        return context.registerService(Collector.class, collector, dictionary(properties));
    }

    private ServiceRegistration<Collector> register(ServiceFactory<Collector> factory, Map<String, ?> properties) {
        return context.registerService(Collector.class, factory, dictionary(properties));
    }

    private static Dictionary<String, Object> dictionary(Map<String, ?> properties) {
        return new Hashtable<>(properties);
    }

    /** Counts how often a collector was made. */
    private static final class Counting implements ServiceFactory<Collector> {
        private final AtomicInteger made = new AtomicInteger();
        private final AtomicInteger givenBack = new AtomicInteger();

        @Override
        public Collector getService(Bundle bundle, ServiceRegistration<Collector> registration) {
            int number = made.incrementAndGet();
            return () -> Reading.of("made", number);
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Collector> registration, Collector collector) {
            givenBack.incrementAndGet();
        }
    }
}
