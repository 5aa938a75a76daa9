package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Term;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/** When it looks at the licenses, whatever others do meanwhile, and what that costs. */
final class LooksTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(folder);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void aListenerThatComesAndGoesHoldsOffNoEnd() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofMinutes(5), Duration.ZERO)));
        flap(Duration.ofMinutes(6));
        assertFalse(bench.isGranted());
    }

    @Test
    void aListenerThatComesAndGoesHoldsOffNoRevocation() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        Revocations list = new Revocations(
                "acme", Bench.BEGIN, 1, List.of(new Revocations.Revoked("1", Optional.empty(), Optional.empty())));
        bench.wantList("dwr", "acme", Bench.sign(bench.acme, Revocations.TYPE, list.write()));
        bench.tell();
        flap(Duration.ofSeconds(1));
        assertFalse(bench.isGranted());
    }

    @Test
    void aListenerThatComesAndGoesIsReportedOnceAMinuteAtMostInTheLongRun() throws Exception {
        flap(Duration.ofMinutes(5));
        int before = bench.outbox.reports("license").size();
        bench.puts.set(0);
        flap(Duration.ofHours(1));
        int reports = bench.outbox.reports("license").size() - before;
        assertTrue(reports <= 60, reports + " reports in an hour");
        assertEquals(0, bench.puts.get());
        assertTrue(bench.waiting() <= 2, bench.waiting() + " looks are to come");
        bench.pass(Duration.ofMinutes(1));
        assertEquals(List.of(), bench.report().get("unlicensed"));
    }

    @Test
    void whatHasEndedIsNotGrantedWhereTheOutboxWasReplaced() {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofHours(2), Duration.ZERO)));
        bench.outboxIsReplaced(true);
        bench.pass(Duration.ofHours(2).plusMinutes(1));
        assertFalse(bench.isGranted());
    }

    @Test
    void aLookThatFailedIsTriedAgain() {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofHours(2), Duration.ZERO)));
        bench.outboxIsReplaced(true);
        bench.pass(Duration.ofHours(3));
        bench.outboxIsReplaced(false);
        bench.pass(Duration.ofMinutes(1));
        assertEquals(List.of("granted", "ended"), bench.told());
        assertEquals("ended", bench.reported("rain"));
    }

    @Test
    void whoeverComesAfterAnOutboxWasReplacedTellsWhatWasNotTold() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofHours(2), Duration.ZERO)));
        bench.outboxIsReplaced(true);
        bench.pass(Duration.ofHours(3));
        bench.replaceLicensing();
        assertEquals(List.of("granted", "ended"), bench.told());
        assertEquals("ended", bench.reported("rain"));
    }

    @Test
    void aLookByItselfWritesNothing() {
        bench.bring("rain", bench.token("1", 1, evaluation(Duration.ofDays(20))));
        bench.bring("snow", bench.token("2", 1, Bench.until(Duration.ofDays(200), Duration.ofDays(9))));
        bench.bring("hail", bench.token("3", 1, Term.PERPETUAL));
        bench.puts.set(0);
        bench.syncs.set(0);
        for (int i = 0; i < 10; i++) {
            bench.look();
        }
        assertEquals(0, bench.puts.get());
        assertEquals(0, bench.syncs.get());
    }

    @Test
    void aDayOfALicenseThatEndsIsWrittenAboutOnceAnHour() {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofDays(200), Duration.ZERO)));
        bench.bring("snow", bench.token("2", 1, evaluation(Duration.ofDays(100))));
        bench.pass(Duration.ofHours(2));
        bench.puts.set(0);
        bench.syncs.set(0);
        bench.pass(Duration.ofDays(1));
        int kept = 3; // two licenses, and the clock
        assertTrue(bench.puts.get() >= kept * 20 && bench.puts.get() <= kept * 25, bench.puts + " writes");
        assertEquals(0, bench.syncs.get(), "the store brings it to flash in its own time");
    }

    @Test
    void nothingIsWrittenWhereNothingEnds() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.puts.set(0);
        bench.syncs.set(0);
        bench.look();
        bench.pass(Duration.ofDays(30));
        assertEquals(0, bench.puts.get());
        assertEquals(0, bench.syncs.get());
    }

    @Test
    void aComponentThatHangsKeepsNobodysLicenseFromItsCourse() throws Exception {
        BundleContext context = bench.framework.getBundleContext();
        try (Hanging hanging = Hanging.at(ServiceEvent.REGISTERED, "license.com.acme.rain", context)) {
            bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofHours(2), Duration.ZERO)));
            assertEquals(0, hanging.begun.getCount());
            bench.bring("snow", other("com.other.snow", Bench.until(Duration.ofHours(1), Duration.ZERO)));
            assertTrue(bench.conditions().containsKey("license.com.other.snow"));
            bench.pass(Duration.ofHours(1).plusMinutes(1));
            assertFalse(bench.conditions().containsKey("license.com.other.snow"));
            bench.pass(Duration.ofHours(1));
            assertEquals(List.of("granted", "granted", "ended", "ended"), bench.told());
            assertEquals("ended", bench.reported("rain"));
            bench.stopLicensing();
        }
        Awaitility.await("the end of what hung").until(() -> !bench.isGranted());
    }

    @Test
    void oneThatWasStoppedLooksNoMore() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofHours(2), Duration.ZERO)));
        bench.tell();
        bench.stopLicensing();
        assertEquals(0, bench.waiting());
        bench.puts.set(0);
        bench.takeAway("rain");
        flap(Duration.ofMinutes(1));
        bench.pass(Duration.ofHours(3));
        assertEquals(List.of("granted"), bench.told());
        assertEquals(0, bench.puts.get());
        assertTrue(bench.isGranted(), "whoever comes next decides on it");
    }

    @Test
    void aLookThatEndsByAnErrorIsTriedAgain() {
        List<Runnable> timers = new ArrayList<>();
        List<Duration> waits = new ArrayList<>();
        Timer timer = (delay, task) -> {
            waits.add(delay);
            timers.add(task);
            return () -> {};
        };
        Looks looks = new Looks(() -> 0, timer, () -> {
            throw new OutOfMemoryError("of a test");
        });
        looks.within(Duration.ofSeconds(1));
        assertThrows(OutOfMemoryError.class, () -> timers.get(0).run());
        assertEquals(List.of(Duration.ofSeconds(1), Duration.ofMinutes(1)), waits);
    }

    @Test
    void theSoonestOfAllReasonsCountsAndOneThatComesMeanwhileIsNotLost() {
        List<Runnable> timers = new ArrayList<>();
        List<Duration> waits = new ArrayList<>();
        Timer timer = (delay, task) -> {
            waits.add(delay);
            timers.add(task);
            return () -> {}; // too late to call it off
        };
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        AtomicInteger times = new AtomicInteger();
        Looks looks = new Looks(() -> 0, timer, () -> {
            times.incrementAndGet();
            meanwhile.get().run();
            return Optional.of(Duration.ofHours(1));
        });
        looks.within(Duration.ofSeconds(9));
        looks.within(Duration.ofSeconds(10));
        looks.within(Duration.ofSeconds(5));
        assertEquals(List.of(Duration.ofSeconds(9), Duration.ofSeconds(5)), waits);
        timers.get(0).run();
        assertEquals(0, times.get(), "this one was called off");
        meanwhile.set(() -> looks.within(Duration.ofSeconds(2)));
        timers.get(1).run();
        assertEquals(1, times.get());
        assertEquals(Duration.ofSeconds(2), waits.get(2));
    }

    /** Somebody wants to know of a license and does not, five times a second. */
    private void flap(Duration length) throws InvalidSyntaxException {
        BundleContext context = bench.framework.getBundleContext();
        ServiceListener listener = event -> {};
        for (long i = 0; i < length.toMillis() / 190; i++) {
            context.addServiceListener(listener, "(osgi.condition.id=license.com.acme.snow)");
            bench.pass(Duration.ofMillis(95));
            context.removeServiceListener(listener);
            bench.pass(Duration.ofMillis(95));
        }
    }

    private String other(String feature, Term term) {
        License one = new License(
                new License.Id("other", "1"),
                new Scope("dwr"),
                Bench.BEGIN,
                1,
                new TreeMap<>(Map.of(feature, Limits.NONE)),
                term,
                Optional.empty());
        return Bench.sign(bench.other, License.TYPE, one.write());
    }

    private static Term evaluation(Duration length) {
        return new Term(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(length), Duration.ZERO);
    }
}
