package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ValuesAndLinesTest extends WithDepot {
    @Test
    void valueIsThereAfterARestart() throws IOException {
        store().put("calibration", bytes("1.07"));

        assertEquals("1.07", text(restarted().get("calibration")));
    }

    @Test
    void newerValueTakesTheOlderOnesPlace() throws IOException {
        store().put("calibration", bytes("1.07"));
        store().sync();
        store().put("calibration", bytes("1.08"));

        assertEquals("1.08", text(store().get("calibration")));
        assertEquals("1.08", text(restarted().get("calibration")));
        assertEquals(Set.of("calibration"), store().keys());
    }

    @Test
    void removedValueStaysAway() throws IOException {
        store().put("old", bytes("1"));
        store().put("kept", bytes("2"));
        store().sync();
        store().remove("old");

        assertEquals(Optional.empty(), store().get("old"));
        assertEquals(Optional.empty(), restarted().get("old"));
        assertEquals(Set.of("kept"), store().keys());
    }

    @Test
    void emptyValueIsAValue() throws IOException {
        store().put("flag", new byte[0]);

        assertEquals("", text(restarted().get("flag")));
    }

    @Test
    void bundlesDoNotSeeEachOther() throws IOException {
        store("com.acme").put("key", bytes("acme"));
        store("com.acme.rain").put("key", bytes("rain"));
        store("com.acme").line("data").append(bytes("acme"));
        depot.sync();
        store("com.acme.rain").remove("key");

        assertEquals("acme", text(store("com.acme").get("key")));
        assertEquals(0, store("com.acme.rain").line("data").count());
        restarted();
        assertEquals("acme", text(store("com.acme").get("key")));
        assertEquals(Set.of(), store("com.acme.rain").keys());
    }

    @Test
    void lineKeepsItsOrderAndNumbersThroughRestarts() throws IOException {
        Line line = store().line("observations");
        long first = line.append(bytes("a"));
        line.append(bytes("b"));
        Line after = restarted().line("observations");
        long third = after.append(bytes("c"));

        assertEquals(List.of("a", "b", "c"), texts(after));
        assertEquals(List.of(first, first + 1, third), numbers(after));
        assertEquals(3, after.count());
    }

    @Test
    void removedRecordsStayAwayAndTheirNumbersAreNotGivenAgain() throws IOException {
        Line line = store().line("observations");
        line.append(bytes("a"));
        long second = line.append(bytes("b"));
        long third = line.append(bytes("c"));
        store().sync();
        line.remove(second);
        line.remove(third);
        line = restarted().line("observations");

        assertEquals(List.of("a"), texts(line));
        assertTrue(line.append(bytes("d")) > third);
    }

    @Test
    void readsFromAPlaceAndNoMoreThanAskedFor() throws IOException {
        Line line = store().line("observations");
        for (int i = 0; i < 10; i++) {
            line.append(new byte[1000]);
        }
        store().sync();

        assertEquals(
                List.of(4L, 5L),
                line.read(3, 2200).stream().map(Line.Entry::number).toList());
        assertEquals(
                List.of(1L), line.read(0, 1).stream().map(Line.Entry::number).toList());
        assertEquals(List.of(), line.read(10, 1000));
        assertEquals(OptionalLong.of(8), line.next(7));
        assertEquals(OptionalLong.empty(), line.next(10));
    }

    @Test
    void countsWithoutReading() throws IOException {
        Line line = store().line("observations");
        assertEquals(0, line.bytes());
        line.append(new byte[1000]);
        line.append(new byte[1000]);
        long bytes = line.bytes();
        line.remove(1);

        assertTrue(bytes >= 2000 && bytes < 2100, "bytes of two records of 1000: " + bytes);
        assertEquals(bytes / 2, line.bytes());
        assertEquals(1, line.count());
        assertEquals(bytes / 2, restarted().line("observations").bytes());
    }

    @Test
    void largestValueAndRecordAreKept() throws IOException {
        byte[] largest = new byte[Store.LARGEST];
        largest[Store.LARGEST - 1] = 7;
        store("io.gatehouse.outbox").put("large", largest);
        store("io.gatehouse.outbox").line("large").append(largest);
        restarted();

        assertArrayEquals(largest, store("io.gatehouse.outbox").get("large").orElseThrow());
        assertArrayEquals(
                largest,
                store("io.gatehouse.outbox").line("large").read(0, 1).get(0).record());
    }

    @Test
    void refusesWhatNamesNothingOrIsTooLarge() {
        assertThrows(IllegalArgumentException.class, () -> store().put("", bytes("1")));
        assertThrows(IllegalArgumentException.class, () -> store().put("k".repeat(256), bytes("1")));
        assertThrows(IllegalArgumentException.class, () -> store().put("k", new byte[Store.LARGEST + 1]));
        assertThrows(IllegalArgumentException.class, () -> store().line("../other"));
        assertThrows(IllegalArgumentException.class, () -> store().line("l").append(new byte[Store.LARGEST + 1]));
    }

    @Test
    void refusesMoreLinesThanABundleMayHave() {
        for (int i = 0; i < 16; i++) {
            store().line("line-" + i);
        }

        assertThrows(IllegalArgumentException.class, () -> store().line("line-16"));
        assertEquals(0, store().line("line-3").count());
    }

    @Test
    void tellsWhoeverComesAfterItsEnd() throws IOException {
        Store store = store();
        Line line = store.line("observations");
        depot.close();

        assertThrows(IllegalStateException.class, () -> store.put("k", bytes("1")));
        assertThrows(IllegalStateException.class, () -> line.append(bytes("1")));
        assertThrows(IllegalStateException.class, store::sync);
        open();
    }

    private static String text(Optional<byte[]> value) {
        return new String(value.orElseThrow());
    }

    @Test
    void aResetForgetsWhatOthersKeepForGood() throws Exception {
        store("io.gatehouse.outbox").put("key", bytes("ours"));
        Line ours = store("io.gatehouse.outbox").line("events");
        ours.append(bytes("ours"));
        store().put("key", bytes("theirs"));
        store().line("rain").append(bytes("theirs"));
        store().line("rain").append(bytes("theirs, too"));
        store().sync();

        depot.keepOnly(Set.of("io.gatehouse.outbox"));

        onlyOursIsThere();
        restarted();
        onlyOursIsThere();
    }

    private void onlyOursIsThere() throws IOException {
        assertEquals(Set.of(), store().keys());
        assertEquals(List.of(), texts(store().line("rain")));
        assertEquals(Set.of("key"), store("io.gatehouse.outbox").keys());
        assertEquals(List.of("ours"), texts(store("io.gatehouse.outbox").line("events")));
    }
}
