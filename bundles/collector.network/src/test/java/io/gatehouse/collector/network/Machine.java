package io.gatehouse.collector.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A root with the files of some other machine. */
record Machine(Path root) {
    Machine with(String file, String text) {
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Machine withLink(String name, String flags, String state, int mtu, String mac) {
        String folder = "sys/class/net/" + name + "/";
        return with(folder + "flags", flags + "\n")
                .with(folder + "operstate", state + "\n")
                .with(folder + "mtu", mtu + "\n")
                .with(folder + "address", mac + "\n");
    }
}
