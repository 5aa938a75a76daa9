package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A power cut in the middle of a write: of the blocks that it changed any may be on flash and any not, in no order, and files that
 * were deleted since the last sync of the folder may be there again.
 */
final class PowerCutTest extends WithDepot {
    private static final int BLOCK = 4096;
    private static final int WRITES = Boolean.getBoolean("gatehouse.long") ? 300 : 80;
    private static final int SUBSETS = 10;

    private final Random random = new Random(3);
    private final CapturedLog log = new CapturedLog();

    @Test
    void whatWasSyncedIsThereWhicheverBlocksOfTheNextWriteAre() throws IOException {
        Limits limits = limits(MIB, 10);
        open(folder(), limits);
        Store store = store();
        Line line = store.line("observations");
        long last = 0;
        for (int write = 1; write <= WRITES; write++) {
            Map<Path, byte[]> before = contents();
            List<Long> synced = numbers(line);
            for (int left = 1 + random.nextInt(60); left > 0; left--) {
                last = line.append(record(last + 1));
            }
            long kept = synced.isEmpty() ? 1 : synced.get(0);
            while (line.count() > 800) {
                line.remove(kept++);
            }
            store.put("counted", bytes(Integer.toString(write)));
            store.sync();
            Map<Path, byte[]> after = contents();
            for (int subset = 0; subset < SUBSETS; subset++) {
                Path folder = torn(before, after);
                long from = kept;
                List<Long> expected =
                        synced.stream().filter(number -> number >= from).toList();
                check(folder, expected, last, write);
            }
        }
        assertTrue(log.count("cut short") > 0, "it was said");
    }

    private Map<Path, byte[]> contents() throws IOException {
        Map<Path, byte[]> contents = new TreeMap<>();
        for (Path file : files(folder())) {
            contents.put(file.getFileName(), Files.readAllBytes(file));
        }
        return contents;
    }

    private Path torn(Map<Path, byte[]> before, Map<Path, byte[]> after) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "torn");
        for (Path name : before.keySet()) {
            if (!after.containsKey(name) && random.nextBoolean()) {
                Files.write(folder.resolve(name), before.get(name));
            }
        }
        for (Map.Entry<Path, byte[]> file : after.entrySet()) {
            byte[] old = before.getOrDefault(file.getKey(), new byte[0]);
            byte[] bytes = file.getValue().clone();
            for (int at = 0; at < bytes.length; at += BLOCK) {
                int end = Math.min(bytes.length, at + BLOCK);
                if (random.nextBoolean()) {
                    Arrays.fill(bytes, at, end, (byte) 0);
                    System.arraycopy(
                            old, Math.min(at, old.length), bytes, at, Math.max(0, Math.min(end, old.length) - at));
                }
            }
            boolean longer = random.nextBoolean(); // the file's size is written apart from its blocks
            Files.write(folder.resolve(file.getKey()), longer ? bytes : Arrays.copyOf(bytes, old.length));
        }
        return folder;
    }

    private static void check(Path folder, List<Long> synced, long last, int write) throws IOException {
        Depot depot = Depot.open(folder, limits(MIB, 10), (delay, task) -> {}, new Random(1));
        Store store = new BundleStore(depot, BUNDLE);
        List<Line.Entry> entries = store.line("observations").read(0, Integer.MAX_VALUE);
        long before = 0;
        for (Line.Entry entry : entries) {
            assertTrue(
                    entry.number() > before && entry.number() <= last, "number " + entry.number() + " after " + before);
            assertArrayEquals(record(entry.number()), entry.record());
            before = entry.number();
        }
        List<Long> numbers = entries.stream().map(Line.Entry::number).toList();
        assertTrue(numbers.containsAll(synced), () -> "synced " + synced + ", found " + numbers);
        if (write > 1) {
            int counted = Integer.parseInt(new String(store.get("counted").orElseThrow()));
            assertTrue(counted == write || counted == write - 1, counted + " after " + write);
        }
        depot.close();
    }
}
