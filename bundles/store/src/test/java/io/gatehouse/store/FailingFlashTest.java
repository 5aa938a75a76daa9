package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FailingFlashTest extends WithDepot {
    private final CapturedLog log = new CapturedLog();
    private final Random random = new Random(9);
    private boolean failsToWrite;
    private boolean failsToSync;

    @Test
    void whatCannotBeWrittenCountsAndIsWrittenLater() throws IOException {
        open(folder(), LIMITS, this::faulty);
        store().put("before", bytes("1"));
        store().sync();
        failsToWrite = true;
        store().put("k", bytes("2"));
        store().line("events").append(bytes("a"));
        store().remove("before");

        assertThrows(IOException.class, store()::sync);
        timePasses();
        assertEquals("2", new String(store().get("k").orElseThrow()));
        assertEquals(List.of("a"), texts(store().line("events")));
        assertEquals(Set.of("k"), store().keys());
        assertFalse(found().keys().contains("k"));
        assertEquals(1, log.count("cannot write to flash"));

        failsToWrite = false;
        timePasses();
        assertEquals(Set.of("k"), found().keys());
        assertEquals(List.of("a"), texts(found().line("events")));
        assertEquals(1, log.count("can be written again"));
    }

    @Test
    void whatASyncFailedForIsWrittenAnewElsewhere() throws IOException {
        open(folder(), LIMITS, this::faulty);
        store().line("events").append(bytes("a"));
        store().sync();
        failsToSync = true;
        store().line("events").append(bytes("b"));
        assertThrows(IOException.class, store()::sync);
        failsToSync = false;
        store().sync();

        assertEquals(2, files(folder()).size());
        assertEquals(List.of("a", "b"), texts(found().line("events")));
    }

    @Test
    void removedWhileNobodyKnowsWhetherItIsOnFlashStaysAway() throws IOException {
        open(folder(), LIMITS, this::faulty);
        store().put("k", bytes("1"));
        Line line = store().line("events");
        long number = line.append(bytes("a"));
        failsToSync = true;
        assertThrows(IOException.class, store()::sync);
        line.remove(number);
        store().remove("k");
        failsToSync = false;
        store().line("events").append(bytes("b"));
        store().sync();

        assertEquals(List.of("b"), texts(found().line("events")));
        assertEquals(Set.of(), found().keys());
    }

    @Test
    void memoryIsBoundedWhileFlashFails() throws IOException {
        open(folder(), LIMITS, this::faulty);
        failsToWrite = true;
        Line line = store("io.gatehouse.outbox").line("observations");
        assertThrows(IOException.class, () -> {
            line.append(bytes("first"));
            depot.sync();
        });

        NoRoom refusal = assertThrows(NoRoom.class, () -> {
            while (true) {
                line.append(new byte[1000]);
            }
        });
        assertTrue(refusal.getMessage().contains("broken"), refusal.getMessage());
        assertTrue(line.bytes() <= Writer.MOST, line.bytes() + " bytes in memory");
        for (int i = 0; i < 5000; i++) { // as an outbox does: the oldest gives way
            line.remove(line.next(0).orElseThrow());
            line.append(new byte[1000]);
        }
        failsToWrite = false;
        timePasses();
        assertEquals(numbers(line), numbers(new BundleStore(depot, "io.gatehouse.outbox").line("observations")));
        depot.close();
        open();
        assertTrue(store("io.gatehouse.outbox").line("observations").count() > 400);
    }

    @Test
    void failuresAtAnyMomentLoseNothingThatWasSynced() throws IOException {
        open(folder(), limits(MIB, 10), this::faulty);
        Line line = store().line("observations");
        long last = 0;
        for (int round = 0; round < 200; round++) {
            failsToWrite = random.nextInt(4) == 0;
            failsToSync = random.nextInt(4) == 0;
            for (int i = 0; i < 20; i++) {
                last = line.append(record(last + 1));
            }
            while (line.count() > 500) {
                line.remove(line.next(0).orElseThrow());
            }
            List<Long> wanted = numbers(line);
            try {
                store().sync();
                assertEquals(wanted, numbers(found().line("observations")));
            } catch (IOException e) {
                assertTrue(failsToWrite || failsToSync, e::toString);
            }
        }
    }

    @Test
    void fullFlashRefusesIsReadAndGoesOnOnceThereIsRoom() throws Exception {
        Path disk = mounted("size=2m");
        try {
            open(disk.resolve("store"), limits(16 * MIB, 10));
            Line line = store("io.gatehouse.outbox").line("observations");
            store().put("kept", record(1));
            depot.sync();
            assertThrows(NoRoom.class, () -> {
                while (true) {
                    line.append(new byte[1000]);
                }
            });
            assertThrows(IOException.class, depot::sync);
            int count = line.count();
            assertEquals(count, line.read(0, Integer.MAX_VALUE).size());
            assertTrue(Arrays.equals(record(1), store().get("kept").orElseThrow()));

            for (int i = 0; i < 1500; i++) {
                line.remove(line.next(0).orElseThrow());
            }
            store().remove("kept"); // it was in the oldest segment, and there is no room to write it anew
            depot.sync();
            line.append(new byte[1000]);
            depot.sync();
            List<Long> numbers = numbers(line);
            depot.close();
            open(disk.resolve("store"), limits(16 * MIB, 10));
            assertEquals(numbers, numbers(store("io.gatehouse.outbox").line("observations")));
        } finally {
            depot.close();
            run("umount", disk.toString());
        }
    }

    @Test
    void readOnlyFlashIsReadAndWrittenOnceItCanBe() throws Exception {
        Path disk = mounted("size=2m");
        try {
            open(disk.resolve("store"), LIMITS);
            store().put("kept", bytes("1"));
            depot.close();
            assumeTrue(run("mount", "-o", "remount,ro", disk.toString()));

            open(disk.resolve("store"), LIMITS);
            assertEquals("1", new String(store().get("kept").orElseThrow()));
            store().put("k", bytes("2"));
            assertThrows(IOException.class, store()::sync);
            assertEquals("2", new String(store().get("k").orElseThrow()));
            assertFalse(log.isEmpty(), "it was said");
            assumeTrue(run("mount", "-o", "remount,rw", disk.toString()));
            store().sync();
            depot.close();
            open(disk.resolve("store"), LIMITS);
            assertEquals(Set.of("kept", "k"), store().keys());
        } finally {
            depot.close();
            run("umount", disk.toString());
        }
    }

    @Test
    void emptyReadOnlyFlashIsAnEmptyStore() throws Exception {
        Path disk = mounted("size=2m,ro");
        try {
            open(disk.resolve("store"), LIMITS);
            Store store = store();
            store.put("k", bytes("2"));
            assertEquals("2", new String(store.get("k").orElseThrow()));
            assertThrows(IOException.class, store::sync);
        } finally {
            assertThrows(IOException.class, depot::close);
            depot = null;
            run("umount", disk.toString());
        }
    }

    private Path mounted(String options) throws Exception {
        Path disk = Files.createDirectories(temporary.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString()), "mounting is for root");
        return disk;
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Sink faulty(Path file) throws IOException {
        return new FaultySink(Sink.file(file)) {
            @Override
            public void write(byte[] bytes) throws IOException {
                super.write(failsToWrite ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
                if (failsToWrite) {
                    throw new IOException("broken");
                }
            }

            @Override
            public void sync() throws IOException {
                if (failsToSync) {
                    throw new IOException("broken");
                }
                super.sync();
            }

            @Override
            public void truncate(long size) throws IOException {
                if (failsToSync) {
                    throw new IOException("broken too");
                }
                super.truncate(size);
            }
        };
    }
}
