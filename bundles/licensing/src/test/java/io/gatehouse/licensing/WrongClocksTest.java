package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.Term;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No clock extends a license, and none that is wrong for a while ends one for good. */
final class WrongClocksTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant AHEAD = Instant.parse("2036-01-01T00:00:00Z");

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
    void aLicenseIsCountedFromWhenItIsAccepted() {
        bench.wall.advance(DAY.multipliedBy(100));
        bench.bring("old", bench.token("1", 1, Bench.until(DAY.multipliedBy(200), Duration.ZERO)));
        bench.pass(Duration.ofHours(3));
        bench.bring("rain", bench.token("2", 1, Bench.until(DAY.multipliedBy(101), Duration.ZERO)));
        bench.takeAway("old");
        bench.pass(Duration.ofMinutes(50));
        bench.wall.set(Bench.BEGIN.minus(DAY.multipliedBy(100)));
        bench.pass(DAY);
        assertFalse(bench.isGranted());
    }

    @Test
    void aRenewalIsCountedFromWhenItIsAccepted() {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.pass(DAY);
        bench.bring("rain", bench.token("1", 2, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.wall.set(Bench.BEGIN.minus(DAY.multipliedBy(100)));
        bench.pass(DAY.plusHours(1));
        assertFalse(bench.isGranted());
    }

    @Test
    void aLicenseIsNotCountedFromBeforeItWasIssued() {
        bench.wall.set(Bench.BEGIN.minus(DAY.multipliedBy(100)));
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(2), Duration.ZERO)));
        bench.pass(DAY.multipliedBy(2).plusHours(1));
        assertFalse(bench.isGranted());
    }

    @Test
    void anOrderlyEndWhileTheClockIsAheadEndsNothingForGood() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(365), Duration.ZERO)));
        bench.pass(DAY);
        bench.wall.set(AHEAD);
        bench.restart();
        bench.pass(Duration.ofMinutes(5));
        assertFalse(bench.isGranted());
        bench.restart();
        bench.wall.set(Bench.BEGIN.plus(DAY.multipliedBy(2)));
        bench.pass(Duration.ofHours(3));
        assertTrue(bench.isGranted());
    }

    @Test
    void aLicenseThatComesWhileTheClockIsAheadIsNotLostByIt() throws Exception {
        bench.wall.set(AHEAD);
        bench.restart();
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(365), Duration.ZERO)));
        bench.wall.set(Bench.BEGIN);
        bench.pass(Duration.ofHours(3));
        assertTrue(bench.isGranted());
    }

    @Test
    void theTimeInWhichTheGatewayIsOffIsCountedOnceItRanAnHourSinceBySessionsHoweverShort() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(30), Duration.ZERO)));
        for (int day = 1; day < 30; day++) {
            bench.pass(Duration.ofMinutes(45));
            bench.store.sync(); // the store does this by itself within seconds
            bench.cutPower();
            bench.wall.set(Bench.BEGIN.plus(DAY.multipliedBy(day)));
            bench.look();
        }
        bench.wall.set(Bench.BEGIN);
        bench.pass(DAY.multipliedBy(5));
        assertFalse(bench.isGranted());
    }

    @Test
    void aClockThatWasSetBackWhileTheGatewayWasOffIsToldOnce() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(100), Duration.ZERO)));
        bench.pass(DAY.multipliedBy(10));
        bench.wall.set(Bench.BEGIN.minus(DAY.multipliedBy(30)));
        bench.restart();
        assertEquals(List.of(), bench.told(), "the network has not set it yet");
        bench.pass(DAY);
        assertEquals(List.of("clock-set-back"), bench.told());
        bench.restart();
        bench.pass(DAY);
        assertEquals(List.of(), bench.told());
    }

    @Test
    void aClockThatTheNetworkSetsAfterAStartIsNotTold() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY.multipliedBy(100), Duration.ZERO)));
        bench.pass(DAY.multipliedBy(10));
        Instant right = bench.wall.instant();
        bench.wall.set(Bench.BEGIN.minus(DAY.multipliedBy(30)));
        bench.restart();
        bench.pass(Duration.ofMinutes(2));
        bench.wall.set(right.plusSeconds(300));
        bench.pass(DAY);
        assertEquals(List.of(), bench.told());
    }

    @Test
    void whatBeginsIsFoundAMinuteAfterTheNetworkSetTheClock() throws Exception {
        Files.createDirectories(folder.resolve("licenses"));
        Term later = new Term(
                Optional.of(Bench.BEGIN.minus(DAY)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO);
        Files.writeString(folder.resolve("licenses/rain.jwt"), bench.token("1", 1, later));
        bench.wall.set(Instant.EPOCH);
        bench.restart();
        assertEquals("waiting not-yet", bench.reported("rain"));
        bench.pass(Duration.ofSeconds(20));
        bench.wall.set(Bench.BEGIN);
        bench.pass(Duration.ofMinutes(1));
        assertTrue(bench.isGranted());
    }

    @Test
    void whatHasEndedIsFoundAMinuteAfterTheNetworkSetTheClock() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(DAY, Duration.ZERO)));
        bench.wall.set(Instant.EPOCH);
        bench.restart();
        bench.pass(Duration.ofSeconds(20));
        assertTrue(bench.isGranted());
        bench.wall.set(Bench.BEGIN.plus(DAY.multipliedBy(2)));
        bench.pass(Duration.ofMinutes(1));
        assertFalse(bench.isGranted());
    }
}
