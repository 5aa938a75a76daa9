package io.gatehouse.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.Firmware;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told by a few lines each. */
class PartsTest {
    private static final Firmware FIRMWARE = new Firmware(
            "2.0",
            200,
            "x",
            new Artifact(new Sha256("a".repeat(64)), 1, Optional.empty()),
            false,
            false,
            Optional.empty());

    @TempDir
    Path folder;

    @Test
    void pausesDoubleFromAMinuteToAnHourAndAQuarterIsRandom() {
        Backoff backoff = new Backoff(new Random(7));
        for (long most : new long[] {60, 120, 240, 480, 960, 1920, 3600, 3600}) {
            long millis = backoff.next().toMillis();
            assertTrue(millis <= most * 1000 && millis >= most * 750, most + " s: " + millis + " ms");
        }
        backoff.reset();
        assertTrue(backoff.next().toSeconds() <= 60);
    }

    @Test
    void engineWithTheHighestRankingIsUsedAndOfTheSameTheOldest() throws IOException {
        Engines engines = new Engines("");
        AbMachine first = new AbMachine(folder);
        AbMachine second = new AbMachine(folder);
        AbMachine best = new AbMachine(folder);
        assertTrue(engines.add(second, Map.of("gatehouse.engine", "second", "service.id", 8L)));
        assertTrue(engines.add(first, Map.of("gatehouse.engine", "first", "service.id", 7L)));
        assertTrue(engines.add(best, Map.of("gatehouse.engine", "best", "service.id", 9L, "service.ranking", 1)));
        assertEquals(Optional.of(new Engine("best", best)), engines.used());
        assertFalse(engines.remove(second));
        assertTrue(engines.remove(best));
        assertEquals(Optional.of(new Engine("first", first)), engines.used());
    }

    @Test
    void engineThatIsNamedIsUsedAndNoOther() throws IOException {
        Engines engines = new Engines("rauc");
        AbMachine rauc = new AbMachine(folder);
        assertFalse(engines.add(new AbMachine(folder), Map.of("gatehouse.engine", "mender", "service.ranking", 9)));
        assertEquals(Optional.empty(), engines.used());
        assertTrue(engines.add(rauc, Map.of("gatehouse.engine", "rauc")));
        assertEquals(Optional.of(new Engine("rauc", rauc)), engines.used());
    }

    @Test
    void devicesOfAScopeTakeTheirTurnsEvenlyAndAlwaysTheSame() {
        Wanted wide = new Wanted(FIRMWARE, "digest", Map.of(), 1);
        long[] turns = IntStream.range(0, 1000)
                .mapToLong(i -> new Waiting.Spread(Duration.ofSeconds(300), "dwr/311-a1/" + i, 2)
                        .of(wide)
                        .toMillis())
                .sorted()
                .toArray();
        assertTrue(turns[0] < 5_000 && turns[999] > 295_000 && turns[999] < 300_000, Arrays.toString(turns));
        assertTrue(turns[500] > 120_000 && turns[500] < 180_000, "" + turns[500]);
        Waiting.Spread one = new Waiting.Spread(Duration.ofSeconds(300), "dwr/311-a1/x", 2);
        assertEquals(one.of(wide), one.of(wide));
        assertEquals(Duration.ZERO, one.of(new Wanted(FIRMWARE, "digest", Map.of(), 2)));
    }

    @Test
    void runningFirmwareIsThatOfOsReleaseElseWhatWasAppliedLast() throws IOException {
        Optional<Applied> applied = Optional.of(
                new Applied(new Release("d", new Sha256("b".repeat(64)), "1.9", 190, Optional.empty()), "A"));
        Optional<String> slot = Optional.of("A");
        RunningFirmware unknown = new RunningFirmware(Optional.empty(), Optional.empty());
        assertEquals(
                new RunningFirmware(Optional.of("1.9"), Optional.of(190L)),
                RunningFirmware.read(folder, slot, applied));
        assertEquals(unknown, RunningFirmware.read(folder, Optional.of("B"), applied), "it was left since");
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/os-release"), "# VERSION_ID=9\nID=a\nVERSION_ID='2.0'\n");
        assertEquals(
                new RunningFirmware(Optional.of("2.0"), Optional.of(190L)),
                RunningFirmware.read(folder, slot, applied));
        Files.writeString(folder.resolve("etc/os-release"), "VERSION_ID=2.0\nGATEHOUSE_FIRMWARE_SEQUENCE=\"200\"\n");
        assertTrue(RunningFirmware.read(folder, slot, applied).is(FIRMWARE));
        Files.writeString(folder.resolve("etc/os-release"), "GATEHOUSE_FIRMWARE_SEQUENCE=many\n");
        assertEquals(unknown, RunningFirmware.read(folder, slot, Optional.empty()));
    }

    @Test
    void lastWordsAreNoLongerThanTheirLimitAndTheEndOfALogCounts() throws IOException {
        Path log = folder.resolve("log");
        Files.writeString(log, "x".repeat(100_000) + "the end\n");
        assertEquals(64 << 10, Tail.of(log).length);
        Path made = folder.resolve("made");
        try (LogFile file = new LogFile(made, 100)) {
            file.add("log", Tail.of(log));
        }
        assertEquals(100, Files.size(made));
        assertTrue(new String(Tail.of(log), StandardCharsets.UTF_8).endsWith("the end\n"));
    }

    @Test
    void logThatCannotBeReadTakesNothingFromTheOthers() throws IOException {
        Path left = folder.resolve("left");
        Path unreadable = Files.createDirectories(folder.resolve("rotated"));
        Path log = Files.writeString(folder.resolve("log"), "the end\n");
        FolderArtifacts artifacts = new FolderArtifacts(folder.resolve("made"));
        LastWords words = new LastWords(left, List.of(unreadable, log), artifacts, new KernelWords(folder));

        words.write("no antenna");

        assertEquals("the end\n", Files.readString(left.resolve("2-log")));
        assertEquals(Optional.of("no antenna"), words.read(Set.of()).map(problem -> problem.detail()));
    }

    @Test
    void restartThatDoesNotWorkSaysWhy() throws Exception {
        assertEquals(
                Optional.of("/bin/sh ended with code 3: not permitted"),
                new Machine(folder, List.of("/bin/sh", "-c", "echo not permitted; exit 3")).restart());
        String words = new Machine(folder, List.of("/none")).restart().orElse("");
        assertTrue(words.startsWith("cannot run /none: "), words);
        assertThrows(IllegalArgumentException.class, () -> new Machine(folder, List.of("reboot")));
    }

    @Test
    void kernelWhoseBootIsNotKnownCountsAsAnother() {
        Machine machine = new Machine(folder, List.of("/sbin/reboot"));
        assertFalse(machine.isBoot(machine.boot()));
    }
}
