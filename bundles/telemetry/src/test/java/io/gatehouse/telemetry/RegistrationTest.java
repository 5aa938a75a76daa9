package io.gatehouse.telemetry;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Collectors that come, go and come again. */
final class RegistrationTest extends WithRounds {
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
    void asksAHungCollectorAgainOnlyWhenItsBundleWasUpdated() {
        AtomicInteger asked = new AtomicInteger();
        Settings settings = settings("a/hung", Duration.ofMillis(100), Duration.ofMillis(100));
        Collector collector = () -> {
            asked.incrementAndGet();
            return hang();
        };
        Job hung = job(ACME, "hung", settings, collector);
        rounds.add(hung);
        await().until(() -> outbox.statesOf("hung").equals(List.of("quarantined")));

        Settings others = settings("a/elsewhere", Duration.ofMillis(200), Duration.ofSeconds(1));
        for (Settings again : List.of(settings, others)) {
            rounds.remove(hung);
            rounds.release(hung);
            hung = job(ACME, "hung", again, collector);
            rounds.add(hung);
        }
        passTime();
        assertEquals(1, asked.get(), "a mere registration changes nothing");
        assertEquals(List.of("quarantined", "quarantined", "quarantined"), outbox.statesOf("hung"));

        rounds.remove(hung);
        add(ACME_UPDATED, "hung", "a/hung", () -> ONE);
        await().until(() -> outbox.at("a/hung").size() >= 2);
    }

    @Test
    void staysWithThatWhenTheThreadComesBack() {
        Settings settings = settings("a/hung", Duration.ofMillis(100), Duration.ofMillis(100));
        Job hung = job(ACME, "hung", settings, this::hang);
        rounds.add(hung);
        await().until(() -> outbox.statesOf("hung").equals(List.of("quarantined")));
        end.countDown();
        await().until(() -> accounts.of(ACME.id()).balance().abandoned() == 0);
        rounds.remove(hung);
        add(ACME, "hung", "a/hung", () -> ONE);
        passTime();
        assertEquals(List.of(), outbox.at("a/hung"));
    }

    @ParameterizedTest
    @MethodSource("registeredAgain")
    void readsOneTimeAtATimeAlsoWhenItIsRegisteredAgain(Owner again) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Settings settings = settings("a/slow", Duration.ofSeconds(60), Duration.ofSeconds(60));
        Job old = job(ACME, "slow", settings, () -> {
            begun.countDown();
            return waitFor(free);
        });
        rounds.add(old);
        await().until(() -> begun.getCount() == 0);
        rounds.remove(old);
        AtomicInteger asked = new AtomicInteger();
        rounds.add(job(again, "slow", settings, () -> Reading.of("asked", asked.incrementAndGet())));
        passTime();
        assertEquals(0, asked.get(), "the old one's reading goes on");

        free.countDown();
        await().until(() -> outbox.at("a/slow").size() == 1);
        assertEquals(Map.of("asked", 1), outbox.at("a/slow").get(0).body());
        assertEquals(List.of(), outbox.events, "it was within its deadline all the time");
    }

    static List<Owner> registeredAgain() {
        return List.of(ACME, ACME_UPDATED, new Owner(9, "com.acme", "1.0.0", 3));
    }

    @Test
    void quarantinesAlsoTheOneThatWasRegisteredWhileItHung() {
        Job hung = hungAndRemoved();
        AtomicInteger asked = new AtomicInteger();
        rounds.add(job(ACME, "hung", hung.settings, () -> Reading.of("asked", asked.incrementAndGet())));
        await().until(() -> outbox.statesOf("hung").equals(List.of("quarantined")));
        passTime();
        assertEquals(0, asked.get());
    }

    @Test
    void asksAnUpdatedOneWhenTheOldIsGivenUp() {
        Job hung = hungAndRemoved();
        rounds.add(job(ACME_UPDATED, "hung", hung.settings, () -> ONE));
        await().until(() -> outbox.statesOf("hung").equals(List.of("quarantined")));
        await().until(() -> outbox.at("a/hung").size() >= 2);
    }

    @Test
    void waitsWhenItClosesForWhatItInterrupts() {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean isInside = new AtomicBoolean();
        add(ACME, "slow", "a/slow", () -> {
            isInside.set(true);
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                end.await(30, TimeUnit.MILLISECONDS); // tidies up
            }
            isInside.set(false);
            return ONE;
        });
        await().until(() -> begun.getCount() == 0);
        rounds.close();
        assertFalse(isInside.get());
    }

    /** Begun, and then removed before its deadline, which it will not keep. */
    private Job hungAndRemoved() {
        CountDownLatch begun = new CountDownLatch(1);
        Job hung = job(ACME, "hung", settings("a/hung", Duration.ofMillis(100), Duration.ofMillis(300)), () -> {
            begun.countDown();
            return hang();
        });
        rounds.add(hung);
        await().until(() -> begun.getCount() == 0);
        rounds.remove(hung);
        return hung;
    }

    /** Long enough for what is due to run: another collector did, three times. */
    private void passTime() {
        int seen = outbox.at("a/steady").size();
        if (seen == 0) {
            add(OTHER, "steady", "a/steady", () -> ONE);
        }
        await().until(() -> outbox.at("a/steady").size() >= seen + 4);
    }
}
