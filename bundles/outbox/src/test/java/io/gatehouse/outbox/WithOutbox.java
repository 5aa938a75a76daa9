package io.gatehouse.outbox;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Json;
import io.gatehouse.store.OpenStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An outbox of a device on the bench, with a real store, whose time goes on only when a test says so. */
@Timeout(20)
abstract class WithOutbox {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
    static final Instant EARLIER = Instant.parse("2026-03-01T11:59:58Z");
    static final String BOOT = "00000000deadbeef";
    static final String NEXT_BOOT = "00000000feedf00d";

    static final Limits LIMITS = Limits.of(1 << 20, 10, 0, 131_072);

    /** So much does an observation of this test take in memory. */
    static final long ONE =
            letter("{\"at\":\"2026-03-01T12:00:00.250Z\",\"n\":0}").bytes();

    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    @TempDir
    Path temporary;

    String boot = BOOT;
    Optional<String> place = Optional.of("world/asia");

    /** Where it is not null, flash cannot be written for this. */
    volatile String fault;

    long share = 4 << 20;
    final List<Runnable> due = new ArrayList<>();
    private OpenStore store;
    private DeviceOutbox current;

    final DeviceOutbox outbox(long bytes) {
        return outbox(limits(bytes));
    }

    final DeviceOutbox outbox(Limits limits) {
        current = unloaded(limits);
        current.load();
        return current;
    }

    Store store() {
        return store.store();
    }

    final DeviceOutbox unloaded(Limits limits) {
        if (store == null) {
            store = OpenStore.still(folder(), share, this::write);
        }
        return unloaded(limits, store.store());
    }

    /** With what stands before the store. */
    final DeviceOutbox unloaded(Limits limits, Store kept) {
        due.clear();
        current = new DeviceOutbox(
                new FakeDevice(place, boot),
                kept,
                limits,
                Clock.fixed(NOW, ZoneOffset.UTC),
                nanos::get,
                (delay, task) -> due.add(task));
        return current;
    }

    /** Another in the same process. */
    final DeviceOutbox replaced() {
        current.deactivate();
        return outbox(LIMITS);
    }

    /** Another process after this one ended in peace. */
    final DeviceOutbox restarted() throws IOException {
        current.deactivate();
        store.close();
        return begun(folder());
    }

    /** Another process after this one was killed just now. */
    final DeviceOutbox killed() throws IOException {
        Path copy = Files.createDirectories(temporary.resolve("found" + NEXT_BOOT + System.nanoTime()));
        try (Stream<Path> files = Files.list(folder())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return begun(copy);
    }

    private DeviceOutbox begun(Path folder) {
        boot = NEXT_BOOT;
        nanos.set(7); // of another process
        store = OpenStore.still(folder, share, this::write);
        return outbox(LIMITS);
    }

    static Limits limits(long bytes) {
        return Limits.of(bytes, 10, 0, 131_072);
    }

    /** Lets time pass, and what was to be done then be done. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        List<Runnable> now = List.copyOf(due);
        due.clear();
        now.forEach(Runnable::run);
    }

    Path folder() {
        return temporary.resolve("store");
    }

    /** How many bytes were written to flash so far. */
    long written() {
        return store.written();
    }

    static Message next(DeviceOutbox outbox) throws InterruptedException {
        return outbox.take().message();
    }

    /** All that waits, acknowledged one by one. What it puts itself shows where that ends. */
    static List<Message> emptied(DeviceOutbox outbox) throws InterruptedException {
        List<Message> all = new ArrayList<>();
        for (int quiet = 0; quiet < 2; quiet++) { // its topic may have had its turn early
            outbox.observation("zzz/end", NOW, Map.of(), false);
            Message next = acknowledged(outbox);
            while (!next.topic().endsWith("/zzz/end")) {
                quiet = -1;
                all.add(next);
                next = acknowledged(outbox);
            }
        }
        return all;
    }

    private static Message acknowledged(DeviceOutbox outbox) throws InterruptedException {
        Parcel parcel = outbox.take();
        parcel.acknowledged();
        return parcel.message();
    }

    static List<String> topics(List<Message> messages) {
        return messages.stream()
                .map(message -> message.topic().replace("dwr/311/7/", ""))
                .toList();
    }

    static long n(Message message) {
        return Json.read(message.payload()).integer("n", 0, 1_000_000);
    }

    static Optional<String> seq(Message message) {
        return message.properties().first("seq");
    }

    static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    static Letter letter(String payload) {
        Message message = Message.json("dwr/311/7/hardware/load", payload.getBytes(StandardCharsets.UTF_8));
        return new Letter(new Lane(Rank.OBSERVATION), new Stamp("dwr/311/7", BOOT), message, 1, 0, 1);
    }

    @AfterEach
    void close() throws IOException {
        fault = null;
        if (store != null) {
            store.close();
        }
    }

    private void write() throws IOException {
        if (fault != null) {
            throw new IOException(fault);
        }
    }

    record FakeDevice(Optional<String> place, String boot) implements Device {
        @Override
        public String name() {
            return "dwr/311/7";
        }

        @Override
        public List<String> scopes() {
            return List.of("dwr", "dwr/311", "dwr/311/7");
        }
    }
}
