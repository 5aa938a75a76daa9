package io.gatehouse.firmware;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The end of a file. */
final class Tail {
    private static final int LARGEST = 64 << 10;

    private Tail() {}

    /** Its last 64 KiB. */
    static byte[] of(Path file) throws IOException {
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, size - LARGEST));
            return in.readNBytes(LARGEST);
        }
    }
}
