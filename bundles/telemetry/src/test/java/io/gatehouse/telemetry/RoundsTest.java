package io.gatehouse.telemetry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real collectors, well-behaved and not, on real threads. */
final class RoundsTest {
    private static final Bounds BOUNDS = new Bounds(4, 2, 8, 3, 2, Duration.ofMillis(100), 65_536);
    private static final Owner ACME = new Owner(7, "com.acme", "1.0.0", 1);
    private static final Owner OTHER = new Owner(8, "com.other", "2.0.0", 1);
    private static final Reading ONE = Reading.of("value", 1);

    private final RecordingOutbox outbox = new RecordingOutbox();
    private final Accounts accounts = new Accounts(System::nanoTime, 0, ThreadMeter::find);
    private final Rounds rounds = new Rounds(outbox, accounts, BOUNDS, Clock.systemUTC());
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void start() {
        rounds.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        rounds.close();
    }

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
    void readsAReplacedCollectorAtOnce() {
        Settings hourly = settings("a/replaced", Duration.ofHours(1), Duration.ofSeconds(5));
        Job old = job(ACME, "replaced", hourly, () -> Reading.of("version", 1));
        rounds.add(old);
        await().until(() -> outbox.at("a/replaced").size() == 1);
        rounds.remove(old);
        rounds.release(old);
        rounds.add(job(ACME, "replaced", hourly, () -> Reading.of("version", 2)));
        await().until(() -> outbox.at("a/replaced").size() == 2);
        assertEquals(Map.of("version", 2), outbox.at("a/replaced").get(1).body());
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
    void tellsOnceOfOneThatThrowsAndOnceThatItRecovered() {
        AtomicInteger asked = new AtomicInteger();
        add(ACME, "throws", "a/throws", () -> {
            if (asked.incrementAndGet() <= 3) {
                throw new IOException("no such sensor: /dev/ttyUSB9");
            }
            return ONE;
        });
        await().until(() -> outbox.at("a/throws").size() >= 2);
        assertEquals(List.of("failing", "recovered"), outbox.statesOf("throws"));
        assertTrue(outbox.causeOf("throws", "failing")
                .startsWith("java.io.IOException: no such sensor: /dev/ttyUSB9 at io.gatehouse"));
        assertEquals("com.acme", outbox.events.get(0).get("bundle"));
        assertEquals("1.0.0", outbox.events.get(0).get("version"));
        assertEquals(3, accounts.of(ACME.id()).balance().failures());
    }

    @Test
    void goesOnWhileOthersThrowWhateverThereIs() {
        add(ACME, "error", "a/error", () -> {
            throw new OutOfMemoryError("pretended");
        });
        add(ACME, "linkage", "a/linkage", () -> {
            throw new NoClassDefFoundError("com/acme/Gone");
        });
        add(ACME, "null", "a/null", () -> null);
        add(ACME, "hostile", "a/hostile", () -> {
            throw new RuntimeException() {
                @Override
                public String getMessage() {
                    throw new IllegalStateException("even its message throws");
                }
            };
        });
        add(ACME, "deep", "a/deep", RoundsTest::endless);
        add(OTHER, "steady", "a/steady", () -> ONE);
        Set<String> bad = Set.of("error", "linkage", "null", "hostile", "deep");
        await().until(() -> bad.stream().allMatch(name -> outbox.statesOf(name).equals(List.of("failing"))));
        int sent = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= sent + 3);
        assertTrue(outbox.causeOf("error", "failing").startsWith("java.lang.OutOfMemoryError: pretended"));
        assertTrue(outbox.causeOf("deep", "failing").startsWith("java.lang.StackOverflowError"));
        assertTrue(outbox.causeOf("null", "failing").contains("null"));
    }

    @Test
    void interruptsOneThatIsLateAndAsksItAgainLater() {
        AtomicInteger asked = new AtomicInteger();
        add(ACME, "late", "a/late", Duration.ofMillis(100), () -> {
            if (asked.incrementAndGet() == 1) {
                end.await();
            }
            return ONE;
        });
        await().until(() -> !outbox.at("a/late").isEmpty());
        assertEquals("did not end within its deadline of PT0.1S", outbox.causeOf("late", "failing"));
        assertEquals(List.of("failing", "recovered"), outbox.statesOf("late"));
    }

    @Test
    void quarantinesOneThatIgnoresTheInterruptAndGoesOnWithTheOthers() {
        AtomicInteger asked = new AtomicInteger();
        add(ACME, "hung", "a/hung", Duration.ofMillis(100), () -> {
            asked.incrementAndGet();
            return hang();
        });
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.statesOf("hung").equals(List.of("quarantined")));
        assertTrue(outbox.causeOf("hung", "quarantined").contains("deadline of PT0.1S"));
        assertEquals(1, accounts.of(ACME.id()).balance().abandoned());
        int sent = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= sent + 5);
        assertEquals(1, asked.get(), "a quarantined collector is not asked again");

        end.countDown();
        await().until(() -> accounts.of(ACME.id()).balance().abandoned() == 0);
        int later = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= later + 3);
        assertEquals(1, asked.get(), "also when its thread came back");
        assertEquals(List.of(), outbox.at("a/hung"), "nothing comes of a run that was given up");
    }

    @Test
    void accountsWhatAnAbandonedThreadGoesOnUsing() {
        add(ACME, "spins", "a/spins", Duration.ofMillis(100), this::spin);
        await().until(() -> outbox.statesOf("spins").equals(List.of("quarantined")));
        long cpu = accounts.of(ACME.id()).balance().used().cpu();
        await().until(() -> accounts.of(ACME.id()).balance().used().cpu() > cpu + 50_000_000);
    }

    @Test
    void runsAQuarantinedCollectorAgainWhenItIsRegisteredAnew() {
        Settings settings = settings("a/hung", Duration.ofMillis(100), Duration.ofMillis(100));
        Job hung = job(ACME, "hung", settings, this::hang);
        rounds.add(hung);
        await().until(() -> outbox.statesOf("hung").equals(List.of("quarantined")));
        rounds.remove(hung);
        rounds.release(hung);
        rounds.add(job(new Owner(ACME.id(), "com.acme", "1.0.1", 2), "hung", settings, () -> ONE));
        await().until(() -> outbox.at("a/hung").size() >= 2);
    }

    @Test
    void runsNothingMoreOfABundleOfWhichTwoCollectorsDoNotStop() {
        Owner updated = new Owner(ACME.id(), "com.acme", "1.0.1", 2);
        add(ACME, "hung1", "a/hung1", Duration.ofMillis(100), this::hang);
        add(ACME, "hung2", "a/hung2", Duration.ofMillis(100), this::hang);
        add(ACME, "third", "a/third", () -> ONE);
        await().until(() -> outbox.statesOf("third").contains("quarantined"));
        add(ACME, "fourth", "a/fourth", () -> ONE);
        assertEquals(List.of("quarantined"), outbox.statesOf("fourth"));
        add(updated, "fifth", "a/fifth", () -> ONE);
        await().until(() -> outbox.at("a/fifth").size() >= 2);
        assertEquals(List.of(), outbox.at("a/fourth"));
    }

    @Test
    void goesOnWhenMoreThreadsDoNotStopThanIsAllowedFor() {
        for (int bundle = 0; bundle < 3; bundle++) {
            Owner owner = new Owner(100 + bundle, "com.hung" + bundle, "1.0.0", 1);
            add(owner, "hung" + bundle + "a", "a/hung", Duration.ofMillis(100), this::hang);
            add(owner, "hung" + bundle + "b", "b/hung", Duration.ofMillis(100), this::hang);
        }
        await().until(() -> outbox.events.stream()
                        .filter(body -> "quarantined".equals(body.get("state")))
                        .count()
                == 6);
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.at("a/steady").size() >= 3);
    }

    @Test
    void interruptsARunWhoseCollectorGoesAndSendsNothingOfIt() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Job job = job(ACME, "goes", settings("a/goes", Duration.ofSeconds(60), Duration.ofSeconds(60)), () -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return ONE;
        });
        rounds.add(job);
        await().until(() -> begun.getCount() == 0);
        rounds.remove(job);
        await().until(() -> interrupted.getCount() == 0);
        add(ACME, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.at("a/steady").size() >= 2);
        assertEquals(List.of(), outbox.at("a/goes"));
        assertEquals(List.of(), outbox.events);
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
    void refusesAReadingThatIsTooLarge() {
        add(ACME, "large", "a/large", () -> Reading.of("blob", "x".repeat(70_000)));
        await().until(() -> outbox.statesOf("large").equals(List.of("failing")));
        assertTrue(outbox.causeOf("large", "failing").contains("larger than 65536 bytes"));
        assertEquals(List.of(), outbox.at("a/large"));
    }

    @Test
    void holdsBackABundleThatFloods() {
        String half = "x".repeat(60_000);
        for (int at = 0; at < 8; at++) {
            add(ACME, "flood" + at, "a/flood" + at, () -> Reading.of("blob", half));
        }
        add(OTHER, "steady", "a/steady", () -> ONE);
        await().until(() -> outbox.events.stream()
                .anyMatch(body -> String.valueOf(body.get("cause")).contains("bytes a second")));
        int sent = outbox.at("a/steady").size();
        await().until(() -> outbox.at("a/steady").size() >= sent + 3);
        assertEquals(List.of(), outbox.statesOf("steady"));
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
    void runsATopicNoMoreOftenHoweverOftenItsCollectorIsRegistered() {
        List<Long> runs = new ArrayList<>();
        Settings settings = settings("a/again", Duration.ofSeconds(10), Duration.ofSeconds(5));
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < 450_000_000) {
            CountDownLatch ran = new CountDownLatch(1);
            Job job = job(ACME, "again", settings, () -> {
                runs.add(System.nanoTime());
                ran.countDown();
                return ONE;
            });
            rounds.add(job);
            await().until(() -> ran.getCount() == 0);
            rounds.remove(job);
        }
        long tenths = (System.nanoTime() - begin) / 100_000_000;
        assertTrue(runs.size() <= tenths + 2, runs.size() + " runs in " + tenths + " tenths of a second");
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

    private static Reading endless() {
        return endless();
    }

    private Reading spin() {
        long sum = 0;
        while (end.getCount() > 0) {
            sum++;
        }
        return Reading.of("sum", sum);
    }

    /** Ignores every interrupt until the test ends. */
    private Reading hang() {
        while (true) {
            try {
                end.await();
                return ONE;
            } catch (InterruptedException e) {
                continue;
            }
        }
    }

    private void add(Owner owner, String name, String topic, Collector collector) {
        add(owner, name, topic, Duration.ofSeconds(5), collector);
    }

    private void add(Owner owner, String name, String topic, Duration deadline, Collector collector) {
        rounds.add(job(owner, name, settings(topic, Duration.ofMillis(100), deadline), collector));
    }

    private static Settings settings(String topic, Duration period, Duration deadline) {
        return new Settings(topic, period, deadline, false, 0, false);
    }

    private static Job job(Owner owner, String name, Settings settings, Collector collector) {
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
