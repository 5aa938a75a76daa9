package io.gatehouse.store;

import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A real store in a folder, for a bundle alone, and flash that can be made to fail. */
public final class OpenStore implements AutoCloseable {
    private final Depot depot;
    private final String bundle;
    private final AtomicLong written;

    /** What flash does instead of writing. */
    @FunctionalInterface
    public interface Fault {
        /** Returns where it can be written. */
        void write() throws IOException;
    }

    private OpenStore(Depot depot, String bundle, AtomicLong written) {
        this.depot = depot;
        this.bundle = bundle;
        this.written = written;
    }

    /** With time that passes by itself. */
    public static OpenStore at(Path folder, long share) {
        return at(folder, share, () -> {}, Later.ofJava());
    }

    /** Written to only when somebody syncs. */
    public static OpenStore still(Path folder, long share, Fault fault) {
        return at(folder, share, fault, (delay, task) -> {});
    }

    private static OpenStore at(Path folder, long share, Fault fault, Later later) {
        String bundle = "io.gatehouse.outbox";
        Limits limits = Limits.of(Shares.of(2 * share + (1 << 20), 1 << 20, bundle + "=" + share), 10);
        AtomicLong written = new AtomicLong();
        Sink.Opener opener = file -> {
            fault.write();
            return new Faulty(Sink.file(file), fault, written);
        };
        return new OpenStore(Depot.open(folder, limits, later, new Random(), opener), bundle, written);
    }

    public Store store() {
        return new BundleStore(depot, bundle);
    }

    /** How many bytes were written so far. */
    public long written() {
        return written.get();
    }

    @Override
    public void close() throws IOException {
        depot.close();
    }

    private record Faulty(Sink sink, Fault fault, AtomicLong written) implements Sink {
        @Override
        public void write(byte[] bytes) throws IOException {
            fault.write();
            sink.write(bytes);
            written.addAndGet(bytes.length);
        }

        @Override
        public void sync() throws IOException {
            fault.write();
            sink.sync();
        }

        @Override
        public void truncate(long size) throws IOException {
            sink.truncate(size);
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }
}
