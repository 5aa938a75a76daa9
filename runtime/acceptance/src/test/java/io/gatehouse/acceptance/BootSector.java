package io.gatehouse.acceptance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What decides which slot of a router starts, as {@code device-images/router/README.md} has it.
 *
 * @param primary the slot that is proven
 * @param trying the one that is on trial
 * @param left how many starts that still has
 */
record BootSector(String primary, Optional<String> trying, int left) {
    static final int SIZE = 512;
    static final long NUMBER = 2160;
    private static final long COPY = 2168;

    /** How many sectors with it belong to no other file. */
    private static final long ALONE = 8;

    private static final String HEADER = "# GRUB Environment Block\n";

    /** That of a disk, which may run. */
    static BootSector of(Path disk) throws IOException {
        return of(disk, NUMBER);
    }

    /** What counts where it is damaged. */
    static BootSector copyOf(Path disk) throws IOException {
        return of(disk, COPY);
    }

    private static BootSector of(Path disk, long number) throws IOException {
        byte[] sector = new byte[SIZE];
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "r")) {
            file.seek(number * SIZE);
            file.readFully(sector);
        }
        String text = new String(sector, StandardCharsets.US_ASCII);
        if (!text.startsWith(HEADER)) {
            throw new AssertionError("no boot sector at " + number + " of " + disk + ": " + text);
        }
        String trying = value(text, "trying");
        return new BootSector(
                value(text, "primary"),
                Optional.of(trying).filter(slot -> !slot.isEmpty()),
                Integer.parseInt(value(text, "left")));
    }

    /** While that is done, the sector of this disk is garbage. */
    static void damage(Path disk, Recording.Look meanwhile) throws IOException {
        byte[] before = new byte[SIZE];
        byte[] garbage = new byte[SIZE];
        Arrays.fill(garbage, (byte) 0xA5);
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(NUMBER * SIZE);
            file.readFully(before);
            file.seek(NUMBER * SIZE);
            file.write(garbage);
            meanwhile.at(disk);
            file.seek(NUMBER * SIZE);
            file.write(before);
        }
    }

    /** Whether a write is of the sector, or of its copy, and of nothing else. */
    static boolean isOnly(WriteLog.Write write) {
        return write.isWithin(NUMBER, NUMBER + ALONE) || write.isWithin(COPY, COPY + ALONE);
    }

    /** Whether it is of the sector itself, which decides. */
    static boolean isOf(WriteLog.Write write) {
        return write.isWithin(NUMBER, NUMBER + ALONE);
    }

    /** Which slot starts next. */
    String next() {
        return trying.filter(slot -> left > 0).orElse(primary);
    }

    /** The slot that is not proven. */
    String spare() {
        return other(primary);
    }

    static String other(String slot) {
        return slot.equals("A") ? "B" : "A";
    }

    private static String value(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }
}
