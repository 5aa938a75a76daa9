package com.example.installer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the boot loader decides by: a file with the line {@code slot=a}, and on trial {@code trial=b tries=3} behind it. It starts the
 * slot on trial and counts one try less, as long as there is one; else the other.
 */
final class BootEnvironment {
    private static final Pattern LINE = Pattern.compile("slot=(\\w+)(?: trial=(\\w+) tries=(\\d+))?\\n");

    private final Disk disk;
    private final Path file;

    /**
     * One state of it.
     *
     * @param slot what is started where nothing is on trial
     * @param trial what is started first, as long as there are tries
     */
    record State(String slot, Optional<String> trial, int tries) {
        static State good(String slot) {
            return new State(slot, Optional.empty(), 0);
        }

        @Override
        public String toString() {
            return "slot=" + slot
                    + trial.map(name -> " trial=" + name + " tries=" + tries).orElse("");
        }
    }

    BootEnvironment(Disk disk, Path file) {
        this.disk = disk;
        this.file = file;
    }

    State read() throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no boot environment at " + file, e);
        }
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IOException(
                    "the boot environment " + file + " is not slot=… trial=… tries=…, but " + text.strip());
        }
        return line.group(2) == null
                ? State.good(line.group(1))
                : new State(line.group(1), Optional.of(line.group(2)), Integer.parseInt(line.group(3)));
    }

    /** Sets all of it at once, so that no power cut finds a part; writes nothing where it is so already, for flash wears out. */
    void write(State state) throws IOException {
        if (state.equals(read())) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try (OutputStream out = disk.create(next)) {
            out.write((state + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        disk.sync(next); // before it has its name: else a power cut may leave the name and nothing in it
        disk.rename(next, file);
        disk.sync(file.toAbsolutePath().getParent());
    }
}
