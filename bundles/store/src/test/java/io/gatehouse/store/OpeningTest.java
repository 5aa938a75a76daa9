package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OpeningTest extends WithDepot {
    @Test
    void secondOpenerIsRefused() throws IOException {
        store().put("k", bytes("1"));

        assertThrows(IllegalStateException.class, () -> Depot.open(folder(), LIMITS, this::never, new Random()));
        assertEquals("1", new String(store().get("k").orElseThrow()));
    }

    @Test
    void openerInAnotherProcessIsRefused() throws Exception {
        store().put("k", bytes("1"));
        Process other = Appender.start(folder());
        String said = new String(other.getInputStream().readAllBytes());

        assertTrue(other.waitFor() != 0);
        assertTrue(said.contains("another process"), said);
    }

    @Test
    void fileInTheFoldersPlaceIsSetAside() throws IOException {
        Files.writeString(folder(), "what is this?");

        store().put("k", bytes("1"));
        assertArrayEquals(bytes("1"), restarted().get("k").orElseThrow());
        assertEquals("what is this?", Files.readString(temporary.resolve("store.damaged")));
    }

    @Test
    void strangersFilesAreLeftAlone() throws IOException {
        Files.createDirectories(folder());
        Path note = Files.writeString(folder().resolve("note.txt"), "mine");
        Path later = Files.writeString(folder().resolve("00000001-00000000.2"), "a format to come");
        Files.createDirectories(folder().resolve("00000001-00000000.1")); // no file at all
        store().put("k", bytes("1"));
        restarted();

        assertEquals("1", new String(store().get("k").orElseThrow()));
        assertEquals("mine", Files.readString(note));
        assertTrue(Files.exists(later));
    }

    @Test
    void emptyFolderIsAnEmptyStore() throws IOException {
        Files.createDirectories(folder());

        assertEquals(0, store().keys().size());
        assertEquals(List.of(), files(folder()));
    }

    private void never(Duration delay, Runnable task) {}
}
