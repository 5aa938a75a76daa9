package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.RuntimeSlot;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at spread moments of unpacking, going over and being kept. */
@Timeout(120)
class SlotKillTest {
    private static final String NAME = "ab".repeat(32);
    private static final int KILLS = 24;
    private static final int FILES = 200;

    @TempDir
    private Path folder;

    /** What a launcher does one after the other, here in one process, with the script's part between. */
    public static final class Going {
        private Going() {}

        public static void main(String[] line) throws Exception {
            Path slots = Path.of(line[1]);
            SlotFolder image = new SlotFolder(slots, slots.resolve("no slot"));
            System.out.println("begins");
            image.install(Path.of(line[0]), NAME);
            image.begin(new Trial(new RuntimeSlot("1", Optional.of(NAME), Map.of()), Map.of(), Set.of()));
            Files.move(slots.resolve("next"), slots.resolve("next.1"));
            new SlotFolder(slots, slots.resolve(NAME)).commit();
            System.out.println("ends");
        }
    }

    @Test
    void leavesTheOldRuntimeOrTheNewOneOnProbationOrTheNewOne() throws Exception {
        SlotZip many = SlotZip.well(Files.createDirectories(folder.resolve("scratch")));
        for (int file = 0; file < FILES; file++) {
            many.entry("conf/" + file, "file " + file);
        }
        Path zip = many.write(folder.resolve("runtime.zip"));
        long span = run(zip, folder.resolve("whole"), Long.MAX_VALUE);
        assertEquals(Set.of("current", NAME), state(folder.resolve("whole")));
        int cutShort = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path slots = folder.resolve("cut-" + kill);
            run(zip, slots, span * kill / KILLS);
            Set<String> left = state(slots);
            boolean isSlot = left.contains(NAME);
            for (String said : List.of("next", "next.1", "current")) {
                assertTrue(!left.contains(said) || isSlot, "no slot for " + left);
            }
            if (isSlot) {
                for (int file = 0; file < FILES; file++) {
                    assertEquals(
                            "file " + file, Files.readString(slots.resolve(NAME).resolve("conf/" + file)));
                }
            }
            cutShort += left.contains("current") ? 0 : 1;
            run(zip, slots, Long.MAX_VALUE);
            assertEquals(Set.of("current", NAME), state(slots), "what was left of " + left);
        }
        assertTrue(cutShort > KILLS / 4, "only " + cutShort + " came before the end");
    }

    private static Set<String> state(Path slots) throws Exception {
        if (Files.notExists(slots)) {
            return Set.of();
        }
        try (var files = Files.list(slots)) {
            return Set.copyOf(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    /** Nanoseconds until its end, or until it was killed. */
    private static long run(Path zip, Path slots, long killAfter) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Going.class.getName(),
                        zip.toString(),
                        slots.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader()) {
            assertEquals("begins", out.readLine());
            long begun = System.nanoTime();
            if (killAfter == Long.MAX_VALUE) {
                assertEquals("ends", out.readLine());
            } else {
                LockSupport.parkNanos(killAfter);
            }
            process.destroyForcibly();
            process.waitFor();
            return System.nanoTime() - begun;
        }
    }
}
