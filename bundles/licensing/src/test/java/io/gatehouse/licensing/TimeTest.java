package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.Term;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What time does to licenses, and clocks that are wrong do not. */
final class TimeTest {
    private static final Duration DAY = Duration.ofDays(1);

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
    void saysAtThirtySevenAndOneDaysThatItEnds() {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(60), DAY.multipliedBy(2))));
        bench.pass(DAY.multipliedBy(58));
        assertEquals(List.of("granted", "expiring", "expiring"), bench.told());
        bench.pass(DAY.multipliedBy(5));
        assertEquals(List.of("granted", "expiring", "expiring", "expiring", "grace", "ended"), bench.told());
        assertFalse(bench.isGranted());
    }

    @Test
    void saysNothingOfDaysThatItIsNotLong() {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(5), Duration.ZERO)));
        bench.pass(DAY.multipliedBy(6));
        assertEquals(List.of("granted", "expiring", "ended"), bench.told());
    }

    @Test
    void graceIsTimeInWhichTheGatewayRuns() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY, DAY.multipliedBy(2))));
        bench.pass(DAY.multipliedBy(2));
        assertTrue(bench.isGranted());
        bench.restart();
        bench.wall.advance(DAY.multipliedBy(30)); // in which it was off
        bench.look();
        assertEquals("grace", bench.reported("rain"));
        bench.pass(Duration.ofHours(23));
        assertTrue(bench.isGranted());
        bench.pass(Duration.ofHours(2));
        assertFalse(bench.isGranted());
    }

    @Test
    void aClockThatIsSetBackExtendsNothingAndIsToldOf() {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.pass(DAY);
        bench.wall.set(Bench.BEGIN.minus(DAY.multipliedBy(20)));
        bench.look();
        assertTrue(bench.told().contains("clock-set-back"), bench.told().toString());
        bench.pass(DAY.plusHours(2));
        assertFalse(bench.isGranted());
    }

    @Test
    void aClockThatIsSetBackWhileTheGatewayIsOffExtendsNothing() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.pass(DAY.multipliedBy(3));
        assertFalse(bench.isGranted());
        bench.wall.set(Bench.BEGIN);
        bench.restart();
        assertFalse(bench.isGranted());
        bench.look();
        assertEquals("ended", bench.reported("rain"));
    }

    @Test
    void aPowerCutLosesAnHourAtMostOfWhatWasCounted() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY, Duration.ZERO)));
        bench.pass(DAY.minusHours(2));
        bench.store.sync(); // the store does this by itself within seconds
        bench.pass(Duration.ofMinutes(30));
        bench.cutPower();
        bench.wall.set(Bench.BEGIN);
        bench.look();
        bench.pass(Duration.ofHours(4));
        assertFalse(bench.isGranted());
    }

    @Test
    void aClockThatBeginsIn1970EndsNothingThatHasNotCertainlyEnded() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.store.sync(); // the store does this by itself within seconds
        bench.wall.set(Instant.EPOCH);
        bench.cutPower();
        assertTrue(bench.isGranted());
        assertEquals(List.of(), bench.told());
        bench.floor = Bench.BEGIN.plus(DAY.multipliedBy(3)); // somebody signed something then
        bench.look();
        assertFalse(bench.isGranted());
    }

    @Test
    void whatAClockThatRanAheadForAMomentEndedIsGrantedAgain() {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.wall.set(Instant.parse("2036-01-01T00:00:00Z"));
        bench.look();
        assertFalse(bench.isGranted());
        bench.wall.set(Bench.BEGIN);
        bench.look();
        assertTrue(bench.isGranted());
    }

    @Test
    void whatAClockThatRanAheadForLongEndedARenewalMends() {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.wall.set(Instant.parse("2036-01-01T00:00:00Z"));
        bench.pass(Duration.ofHours(3));
        bench.wall.set(Bench.BEGIN);
        bench.look();
        assertFalse(bench.isGranted());
        bench.bring("rain", bench.token("1", 2, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        assertTrue(bench.isGranted());
    }

    @Test
    void aSubscriptionIsDueWhenAThirdOfItsLeaseIsLeft() {
        bench.bring("rain", bench.token("1", 1, lease(DAY.multipliedBy(30))));
        bench.pass(DAY.multipliedBy(20).plusHours(1));
        assertEquals("due", bench.reported("rain"));
        bench.bring("rain", bench.token("1", 2, lease(DAY.multipliedBy(60))));
        assertEquals("granted", bench.reported("rain"));
        assertEquals(List.of("granted", "due", "renewed"), bench.told());
    }

    @Test
    void aSubscriptionWhoseLastLeaseRunsIsNotDue() {
        bench.bring("rain", bench.token("1", 1, lease(DAY.multipliedBy(90))));
        bench.pass(DAY.multipliedBy(81));
        assertEquals(List.of("granted", "expiring"), bench.told());
    }

    @Test
    void anEvaluationGoesOnWhenItComesAgain() throws Exception {
        Term evaluation = new Term(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(DAY.multipliedBy(10)), Duration.ZERO);
        bench.bring("rain", bench.token("1", 1, evaluation));
        bench.pass(DAY.multipliedBy(6));
        bench.takeAway("rain");
        bench.pass(DAY.multipliedBy(20)); // in which nobody evaluates anything
        bench.store.sync(); // the store does this by itself within seconds
        bench.cutPower();
        bench.bring("again", bench.token("1", 2, evaluation));
        bench.pass(DAY.multipliedBy(3));
        assertTrue(bench.isGranted());
        bench.pass(DAY.multipliedBy(2));
        assertFalse(bench.isGranted());
        assertEquals("ended", bench.reported("again"));
    }

    @Test
    void anEvaluationNeedsNoClock() throws Exception {
        Term evaluation = new Term(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(DAY.multipliedBy(10)), Duration.ZERO);
        bench.wall.set(Instant.EPOCH);
        bench.bring("rain", bench.token("1", 1, evaluation));
        bench.wall.set(Bench.BEGIN);
        bench.look();
        assertTrue(bench.isGranted());
        bench.pass(DAY.multipliedBy(8));
        assertTrue(bench.isGranted());
        bench.pass(DAY.multipliedBy(3));
        assertFalse(bench.isGranted());
    }

    @Test
    void nothingIsLookedAtWhereNothingEnds() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        assertEquals(0, bench.waiting());
    }

    private static Term lease(Duration end) {
        return new Term(
                Optional.empty(),
                Optional.of(Bench.BEGIN.plus(end)),
                Optional.of(new Term.Subscription(Bench.BEGIN.plus(DAY.multipliedBy(90)), DAY.multipliedBy(30))),
                Optional.empty(),
                Duration.ZERO);
    }
}
