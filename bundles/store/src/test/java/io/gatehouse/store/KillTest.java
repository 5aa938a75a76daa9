package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A process that is killed while it writes. */
final class KillTest extends WithDepot {
    private static final int MOMENTS = Boolean.getBoolean("gatehouse.long") ? 100 : 15;

    @Test
    void whatWasSyncedIsThereWholeAndInOrderWheneverTheProcessIsKilled() throws Exception {
        Random random = new Random(5);
        for (int moment = 0; moment < MOMENTS; moment++) {
            Path folder = temporary.resolve("store-" + moment);
            Process process = Appender.start(folder);
            check(folder, killed(process, 1 + random.nextInt(300), random.nextInt(3_000_000)));
        }
    }

    /** Kills it so long after it said so many lines, and returns the last that it said. */
    private static String killed(Process process, int lines, int nanos) throws Exception {
        String last = "";
        try (BufferedReader said = process.inputReader()) {
            for (int line = 0; line < lines; line++) {
                last = Objects.requireNonNull(said.readLine(), "it ended by itself after " + last);
            }
            LockSupport.parkNanos(nanos); // no wait for anything: any moment will do
            process.toHandle().destroyForcibly(); // the process's own method would close what it said
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                last = line.split(" ").length == 3 && line.endsWith(".") ? line : last;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return last;
    }

    private void check(Path folder, String said) throws IOException {
        String[] synced = said.substring(0, said.length() - 1).split(" ");
        long from = Long.parseLong(synced[0]);
        long to = Long.parseLong(synced[1]);
        open(folder, LIMITS);
        Store store = store();
        Line line = store.line("observations");
        long last = 0;
        long there = 0;
        for (Line.Entry entry : line.read(0, Integer.MAX_VALUE)) {
            assertTrue(entry.number() > last, entry.number() + " after " + last);
            assertArrayEquals(record(entry.number()), entry.record(), "record " + entry.number() + " in " + folder);
            last = entry.number();
            there += entry.number() >= from + 40 && entry.number() <= to ? 1 : 0;
        }
        assertTrue(there == Math.max(0, to - from - 39), there + " of " + synced[0] + " + 40 to " + synced[1]);
        long counted = Long.parseLong(new String(store.get("counted").orElseThrow()));
        assertTrue(counted >= Long.parseLong(synced[2]), counted + " after " + synced[2]);
        for (Line.Entry event : store.line("events").read(0, Integer.MAX_VALUE)) {
            assertArrayEquals(record(event.number()), event.record());
        }
        depot.close();
    }
}
