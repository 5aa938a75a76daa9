package io.gatehouse.store;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A store in a folder of its own, time that passes on command, and what is needed to look at it from outside. */
abstract class WithDepot {
    static final String BUNDLE = "com.acme.rain";
    static final long MIB = 1 << 20;
    static final Limits LIMITS = limits(16 * MIB, 10);

    @TempDir
    Path temporary;

    final List<Runnable> due = new ArrayList<>();
    final List<Duration> delays = new ArrayList<>();
    private final Random salts = new Random(42);
    Depot depot;

    static Limits limits(long bytes, int seconds) {
        return Limits.of(Shares.of(bytes, MIB, "io.gatehouse.outbox=" + bytes / 2), seconds);
    }

    Path folder() {
        return temporary.resolve("store");
    }

    Depot open() {
        return open(folder(), LIMITS);
    }

    Depot open(Path folder, Limits limits) {
        return open(folder, limits, Sink::file);
    }

    Depot open(Path folder, Limits limits, Sink.Opener opener) {
        due.clear();
        depot = Depot.open(folder, limits, this::later, salts, opener);
        return depot;
    }

    Store store() {
        return store(BUNDLE);
    }

    Store store(String bundle) {
        if (depot == null) {
            open();
        }
        return new BundleStore(depot, bundle);
    }

    /** As after a restart. */
    Store restarted() throws IOException {
        depot.close();
        open();
        return store();
    }

    /** What another process would find if this one ended now: nothing is closed. */
    Store found() throws IOException {
        Path copy = Files.createTempDirectory(temporary, "found");
        copy(folder(), copy);
        return new BundleStore(Depot.open(copy, LIMITS, (delay, task) -> {}, new Random(1)), BUNDLE);
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : files(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    void timePasses() {
        List<Runnable> now = List.copyOf(due);
        due.clear();
        now.forEach(Runnable::run);
    }

    static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".1")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long bytesOnFlash(Path folder) {
        return files(folder).stream().mapToLong(file -> file.toFile().length()).sum();
    }

    static List<Long> numbers(Line line) throws IOException {
        return line.read(0, Integer.MAX_VALUE).stream().map(Line.Entry::number).toList();
    }

    static List<String> texts(Line line) throws IOException {
        return line.read(0, Integer.MAX_VALUE).stream()
                .map(entry -> new String(entry.record()))
                .toList();
    }

    static byte[] bytes(String text) {
        return text.getBytes();
    }

    /** Bytes that tell by themselves whether they are whole. */
    static byte[] record(long number) {
        Random random = new Random(number);
        byte[] bytes = new byte[150 + random.nextInt(100)];
        random.nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() throws IOException {
        if (depot != null) {
            depot.close();
        }
    }

    private void later(Duration delay, Runnable task) {
        due.add(task);
        delays.add(delay);
    }
}
