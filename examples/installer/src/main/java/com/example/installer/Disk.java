package com.example.installer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Each way to change flash, alone: the power may be cut before and after any of them. */
interface Disk {
    /** Begins a file, in place of what was there; what is written to it is on flash when {@link #sync} returned. */
    OutputStream create(Path file) throws IOException;

    /** What was written to a file is on flash; of a folder, which files are in it. */
    void sync(Path path) throws IOException;

    /** Gives a file the name of another, which is gone by it: whoever looks finds one or the other. */
    void rename(Path from, Path to) throws IOException;

    void delete(Path file) throws IOException;

    /** The machine's own. */
    static Disk ofMachine() {
        return new Disk() {
            @Override
            public OutputStream create(Path file) throws IOException {
                return Files.newOutputStream(file);
            }

            @Override
            public void sync(Path path) throws IOException {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }

            @Override
            public void rename(Path from, Path to) throws IOException {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            }

            @Override
            public void delete(Path file) throws IOException {
                Files.deleteIfExists(file);
            }
        };
    }
}
