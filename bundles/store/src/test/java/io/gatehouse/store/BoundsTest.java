package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BoundsTest extends WithDepot {
    @Test
    void plugInKeepsNoMoreThanItMay() throws IOException {
        Store store = store();
        store.put("k", new byte[600_000]);

        NoRoom refusal = assertThrows(NoRoom.class, () -> store.put("l", new byte[600_000]));
        assertTrue(refusal.getMessage().contains("1048576"), refusal.getMessage());
        assertThrows(NoRoom.class, () -> store.put("k", new byte[Store.LARGEST]));
        assertEquals(600_000, store.get("k").orElseThrow().length);
        store.remove("k");
        store.put("l", new byte[600_000]);
    }

    @Test
    void manySmallValuesCountWhatTheyTakeInMemory() throws IOException {
        Store store = store();
        NoRoom refusal = assertThrows(NoRoom.class, () -> {
            for (int i = 0; i < 100_000; i++) {
                store.put("key-" + i, new byte[1]);
            }
        });
        assertTrue(store.keys().size() < 7000, store.keys().size() + " keys: " + refusal.getMessage());
    }

    @Test
    void noPlugInTakesTheShareOfAnother() throws IOException {
        open(folder(), limits(MIB, 10)); // of it 3/4 may be wanted, and 1/2 is the outbox's
        NoRoom refusal = assertThrows(NoRoom.class, () -> fill(store("com.acme").line("a")));
        assertTrue(refusal.getMessage().contains("together"), refusal.getMessage());
        assertThrows(NoRoom.class, () -> store("com.other").put("k", new byte[10_000]));

        assertThrows(NoRoom.class, () -> fill(store("io.gatehouse.outbox").line("observations")));
        long outbox = store("io.gatehouse.outbox").line("observations").bytes();
        assertTrue(outbox > MIB / 2 - 2000, "bytes of the outbox: " + outbox);
    }

    @Test
    void flashHoldsNoMoreThanItsBoundHoweverMuchComesAndGoes() throws IOException {
        open(folder(), limits(MIB, 10));
        Store store = store("io.gatehouse.outbox");
        store.put("kept", record(1));
        Line line = store.line("observations");
        line.append(record(2));
        long most = 0;
        for (int i = 0; i < 50_000; i++) {
            line.append(record(i));
            if (line.count() > 1500) {
                line.remove(line.next(1).orElseThrow());
            }
            if (i % 100 == 0) {
                store.sync();
                most = Math.max(most, bytesOnFlash(folder()));
            }
        }

        assertTrue(most <= MIB, "bytes on flash at most: " + most);
        assertArrayEquals(record(1), store.get("kept").orElseThrow());
        assertArrayEquals(record(2), line.read(0, 1).get(0).record());
        List<Long> before = numbers(line);
        depot.close();
        open(folder(), limits(MIB, 10));
        assertEquals(before, numbers(store("io.gatehouse.outbox").line("observations")));
        assertArrayEquals(record(1), store("io.gatehouse.outbox").get("kept").orElseThrow());
    }

    @Test
    void oneValueWrittenAgainAndAgainLeavesLittleOnFlash() throws IOException {
        for (int i = 0; i < 5000; i++) {
            store().put("clock", record(i));
            store().sync();
        }
        restarted();
        assertArrayEquals(record(4999), store().get("clock").orElseThrow());
        assertTrue(bytesOnFlash(folder()) < 5 * (256 << 10) + 1000, bytesOnFlash(folder()) + " bytes on flash");
    }

    @Test
    void manyRestartsLeaveFewFiles() throws IOException {
        for (int i = 0; i < 300; i++) {
            store().put("starts-" + i % 7, record(i));
            restarted();
        }

        assertTrue(files(folder()).size() <= 130, files(folder()).size() + " files");
        assertEquals(7, store().keys().size());
        assertArrayEquals(record(299), store().get("starts-" + 299 % 7).orElseThrow());
    }

    @Test
    void drainedStoreTakesNoMoreThanItsLastSegment() throws IOException {
        Line line = store("io.gatehouse.outbox").line("observations");
        for (int i = 0; i < 20_000; i++) {
            line.append(record(i));
        }
        depot.sync();
        for (int i = 1; i <= 20_000; i++) {
            line.remove(i);
        }
        depot.sync();

        assertEquals(1, files(folder()).size());
    }

    @Test
    void smallerBoundLeavesWhatIsThere() throws IOException {
        store().put("k", new byte[600_000]);
        depot.limits(Limits.of(Shares.of(MIB, 1000), 10));

        assertEquals(600_000, store().get("k").orElseThrow().length);
        assertThrows(NoRoom.class, () -> store().put("l", new byte[10]));
        store().put("k", new byte[100]);
    }

    @Test
    void refusesSettingsThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> Shares.of(1000, MIB));
        assertThrows(IllegalArgumentException.class, () -> Shares.of(MIB, -1));
        assertThrows(IllegalArgumentException.class, () -> Shares.of(MIB, MIB, "io.gatehouse.outbox"));
        assertThrows(IllegalArgumentException.class, () -> Shares.of(MIB, MIB, "io.gatehouse.outbox=" + MIB));
        assertThrows(IllegalArgumentException.class, () -> Limits.of(Shares.of(MIB, MIB), -1));
    }

    private static void fill(Line line) throws NoRoom {
        while (true) {
            line.append(new byte[1000]);
        }
    }
}
