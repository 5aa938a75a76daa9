package io.gatehouse.telemetry;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Rounds on real threads for one test, and collectors for them. */
abstract class WithRounds {
    static final Bounds BOUNDS = new Bounds(4, 2, 8, 3, 2, Duration.ofMillis(100), 65_536);
    static final Owner ACME = new Owner(7, "com.acme", "1.0.0", 1);
    static final Owner ACME_UPDATED = new Owner(7, "com.acme", "1.0.1", 2);
    static final Owner OTHER = new Owner(8, "com.other", "2.0.0", 1);
    static final Reading ONE = Reading.of("value", 1);

    final RecordingOutbox outbox = new RecordingOutbox();
    final Accounts accounts = new Accounts(System::nanoTime, 0, ThreadMeter::find);
    final Rounds rounds = new Rounds(accounts, BOUNDS, Clock.systemUTC());

    /** Of the test; until then some collectors do not come back. */
    final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void start() {
        rounds.open(outbox);
        rounds.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        rounds.close();
    }

    /** Ignores every interrupt until the test ends. */
    final Reading hang() {
        return waitFor(end);
    }

    /** Ignores every interrupt. */
    static Reading waitFor(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return ONE;
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    /** Ten times a second. */
    final void add(Owner owner, String name, String topic, Collector collector) {
        add(owner, name, topic, Duration.ofSeconds(5), collector);
    }

    final void add(Owner owner, String name, String topic, Duration deadline, Collector collector) {
        rounds.add(job(owner, name, settings(topic, Duration.ofMillis(100), deadline), collector));
    }

    static Settings settings(String topic, Duration period, Duration deadline) {
        return new Settings(topic, period, deadline, false, 0, false);
    }

    static Job job(Owner owner, String name, Settings settings, Collector collector) {
        Source source = new Source() {
            @Override
            public Collector collector() {
                return collector;
            }

            @Override
            public void release() {}
        };
        return new Job(name, owner, settings, source, () -> 0.5);
    }
}
