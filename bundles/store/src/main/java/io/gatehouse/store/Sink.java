package io.gatehouse.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A new file that is being written. No interrupt closes it, as it would a channel. */
interface Sink extends Closeable {
    /** Writes at the end. */
    void write(byte[] bytes) throws IOException;

    /** Returns when what was written outlives a power cut. */
    void sync() throws IOException;

    /** Cuts off what was written beyond this. */
    void truncate(long size) throws IOException;

    /** Opens one. */
    @FunctionalInterface
    interface Opener {
        Sink open(Path file) throws IOException;
    }

    /** A file on disk. */
    static Sink file(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        return new Sink() {
            @Override
            public void write(byte[] bytes) throws IOException {
                file.write(bytes);
            }

            @Override
            public void sync() throws IOException {
                file.getFD().sync();
            }

            @Override
            public void truncate(long size) throws IOException {
                file.setLength(size);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
