package io.gatehouse.firmware;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text of several files, each under a heading. What goes beyond its limit is left out. */
final class LogFile implements AutoCloseable {
    private final OutputStream out;
    private long left;

    /**
     * Begins it.
     *
     * @param limit bytes that it may have
     */
    LogFile(Path file, long limit) throws IOException {
        this.out = Files.newOutputStream(file);
        this.left = limit;
    }

    /** Adds a file, or as much of it as there is room for. */
    void add(String name, byte[] bytes) throws IOException {
        append(("==> " + name + " <==\n").getBytes(StandardCharsets.UTF_8));
        append(bytes);
        append("\n".getBytes(StandardCharsets.UTF_8));
    }

    private void append(byte[] bytes) throws IOException {
        int length = (int) Math.min(left, bytes.length);
        out.write(bytes, 0, length);
        left -= length;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
