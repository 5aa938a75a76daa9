package io.gatehouse.telemetry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** When collectors run, and what is sent of it. */
final class RoundsTest extends WithRounds {
    @Test
    void runsAtOnceAndThenAtThePeriod() {
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.at("a/steady").size() >= 5);
        List<RecordingOutbox.Observation> seen = outbox.at("a/steady");
        long tookMillis = (seen.get(4).nanos() - seen.get(0).nanos()) / 1_000_000;
        assertTrue(
                tookMillis >= 370 && tookMillis < 2000,
                "four periods of 100 ms, the first a little shorter, took " + tookMillis);
    }

    @Test
    void asksTheFirstTimeAtOnce() {
        long before = System.nanoTime();
        rounds.add(job(OTHER, "slow", settings("a/slow", Duration.ofHours(1), Duration.ofSeconds(5)), () -> ONE));
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> !outbox.at("a/slow").isEmpty());
        long millis = (outbox.at("a/slow").get(0).nanos() - before) / 1_000_000;
        assertTrue(millis < 5000, "first observation after " + millis + " ms");
    }

    @Test
    void sendsNothingWhereThereIsNothing() {
        AtomicInteger asked = new AtomicInteger();
        add(OTHER, "nothing", "a/nothing", () -> {
            asked.incrementAndGet();
            return Reading.nothing();
        });
        await().until(() -> asked.get() >= 3);
        assertEquals(List.of(), outbox.observations);
        assertEquals(List.of(), outbox.events);
    }

    @Test
    void sendsOnlyChangesWhereAskedTo() {
        AtomicInteger asked = new AtomicInteger();
        Settings onChange = new Settings("a/change", Duration.ofMillis(100), Duration.ofSeconds(5), true, 0.5, true);
        rounds.add(job(OTHER, "change", onChange, () -> Reading.of("value", asked.incrementAndGet() < 4 ? 1.2 : 3.4)));
        await().until(() -> asked.get() >= 6);
        assertEquals(
                List.of(1.2, 3.4),
                outbox.observations.stream().map(o -> o.body().get("value")).collect(Collectors.toList()));
        assertTrue(outbox.observations.get(0).alsoAtPlace());
    }

    @Test
    void neverRunsOneTwoTimesAtOnce() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        Settings settings = settings("a/long", Duration.ofMillis(100), Duration.ofSeconds(5));
        rounds.add(job(ACME, "long", settings, () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            end.await(runs.incrementAndGet() == 1 ? 350 : 1, TimeUnit.MILLISECONDS);
            inside.decrementAndGet();
            return ONE;
        }));
        await().until(() -> runs.get() >= 4);
        assertEquals(1, most.get());
    }

    @Test
    void leavesWorkersToOthersWhenOneBundleKeepsManyBusy() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        for (int at = 0; at < 6; at++) {
            Settings slow = settings("a/slow" + at, Duration.ofMinutes(1), Duration.ofMinutes(1));
            rounds.add(job(ACME, "slow" + at, slow, () -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                end.await();
                return ONE;
            }));
        }
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.at("a/steady").size() >= 5);
        assertEquals(2, most.get());
    }

    @Test
    void refusesMoreCollectorsThanABundleMayHaveAndDoesNotTellForEver() {
        AtomicInteger asked = new AtomicInteger();
        for (int at = 0; at < 500; at++) {
            add(ACME, "many" + at, "a/many" + at, () -> {
                asked.incrementAndGet();
                return Reading.nothing();
            });
        }
        await().until(() -> asked.get() >= 16);
        assertEquals("its bundle has 8 collectors, and no more are run", outbox.causeOf("many8", "refused"));
        assertTrue(outbox.statesOf("many7").isEmpty());
        assertEquals(32, outbox.events.size());
    }

    @Test
    void holdsNothingAgainstACollectorWhenTheOutboxThrows() {
        AtomicInteger asked = new AtomicInteger();
        outbox.isBroken = true;
        add(OTHER, "steady", "a/steady", () -> Reading.of("value", asked.incrementAndGet()));
        await().until(() -> asked.get() >= 3);
        outbox.isBroken = false;
        await().until(() -> outbox.at("a/steady").size() >= 2);
        assertEquals(List.of(), outbox.events);
        assertEquals(0, accounts.of(OTHER.id()).balance().failures());
    }

    @Test
    void sendsNothingOnceClosed() {
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> !outbox.observations.isEmpty());
        rounds.close();
        add(OTHER, "later", "a/later", () -> ONE);
        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("telemetry: later")));
        assertFalse(outbox.observations.stream().anyMatch(o -> o.topic().equals("a/later")));
    }

    @Test
    void accountsProcessorAndMemory() {
        add(ACME, "busy", "a/busy", () -> Reading.of("sum", new byte[1_000_000].length));
        await().until(() -> outbox.at("a/busy").size() >= 3);
        Account.Balance balance = accounts.of(ACME.id()).balance();
        assertTrue(balance.used().cpu() > 0);
        assertTrue(balance.used().allocated() >= 3_000_000, balance.toString());
        assertTrue(balance.runs() >= 3);
        assertEquals(0, balance.failures());
    }

    @Test
    void asksNobodyWhileThereIsNoOutboxAndKeepsWhatIsReadMeanwhile() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        add(OTHER, "steady", "a/steady", () -> {
            Reading reading = Reading.of("asked", asked.incrementAndGet());
            begun.countDown();
            waitFor(free);
            return reading;
        });
        await().until(() -> begun.getCount() == 0);
        rounds.shut(outbox);
        free.countDown();
        await().until(() -> accounts.of(OTHER.id()).balance().runs() == 1);
        await().during(Duration.ofMillis(300)).until(() -> asked.get() == 1);

        RecordingOutbox next = new RecordingOutbox();
        rounds.open(next);
        await().until(() -> next.at("a/steady").size() >= 2);
        assertEquals(Map.of("asked", 1), next.at("a/steady").get(0).body());
        assertEquals(List.of(), outbox.observations);
    }
}
