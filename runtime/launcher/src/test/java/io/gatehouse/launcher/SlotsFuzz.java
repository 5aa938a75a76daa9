package io.gatehouse.launcher;

import io.gatehouse.software.SlotRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A runtime's archive: unpacked, or refused by {@link SlotRefused}; either way nothing is written outside of its folder. */
public final class SlotsFuzz {
    private static final Path WORK = work();
    private static final Path ARCHIVE = WORK.resolve("archive.zip");
    private static final Path SLOTS = WORK.resolve("slots");

    private SlotsFuzz() {}

    /** Unpacks it. */
    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        Files.write(ARCHIVE, data);
        try {
            new Unpacking(ARCHIVE, SLOTS, "slot").unpack();
        } catch (SlotRefused e) {
            String ignored = e.getMessage();
        }
        try (Stream<Path> all = Files.list(WORK)) {
            List<Path> there = all.sorted().toList();
            if (!List.of(ARCHIVE, SLOTS).containsAll(there)) {
                throw new AssertionError(there.toString());
            }
        }
    }

    private static Path work() {
        try {
            return Files.createTempDirectory("fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
