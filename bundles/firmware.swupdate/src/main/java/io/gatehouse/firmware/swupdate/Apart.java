package io.gatehouse.firmware.swupdate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what a program leaves behind, with which it goes. */
final class Apart implements AutoCloseable {
    private final Path folder;

    Apart() throws IOException {
        folder = Files.createTempDirectory("gatehouse-swupdate");
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
