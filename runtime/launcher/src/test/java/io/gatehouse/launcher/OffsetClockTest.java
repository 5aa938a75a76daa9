package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OffsetClockTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    @Test
    void isAsFarOffAsItsFileSaysEachTime() throws Exception {
        Path file = Files.writeString(folder.resolve("offset"), "PT720H\n");
        Clock clock = new OffsetClock(Clock.fixed(NOON, ZoneOffset.UTC), file);
        assertEquals(NOON.plus(Duration.ofDays(30)), clock.instant());
        Files.writeString(file, "-PT1H");
        assertEquals(NOON.minus(Duration.ofHours(1)), clock.instant());
    }

    @Test
    void staysAsFarOffAsItWasWhereTheFileHoldsNoDuration() throws Exception {
        Path file = Files.writeString(folder.resolve("offset"), "PT1H");
        Clock clock = new OffsetClock(Clock.fixed(NOON, ZoneOffset.UTC), file);
        assertEquals(NOON.plus(Duration.ofHours(1)), clock.instant());
        Files.writeString(file, "an hour");
        assertEquals(NOON.plus(Duration.ofHours(1)), clock.instant());
        Files.delete(file);
        assertEquals(NOON.plus(Duration.ofHours(1)), clock.instant());
    }
}
