package io.gatehouse.firmware;

import static org.awaitility.Awaitility.await;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.Device;
import io.gatehouse.protocol.Firmware;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A machine and the gateway on it, started and stopped as a test wants. Where an hour is waited, no time passes. */
final class Rig extends Clock {
    static final String TOPIC = "dwr/311-a1/desired/firmware";
    private static final Duration LONGEST_END = Duration.ofMinutes(5);
    private static final Duration SHORTEST_BACKOFF = Duration.ofSeconds(45);

    final AbMachine machine;
    final Fleet fleet;
    final FolderArtifacts artifacts;
    final FakeSlots slots = new FakeSlots();
    final List<Duration> rests = new CopyOnWriteArrayList<>();

    /** Whether what is tried again after a failure is so only when it is asked for. */
    volatile boolean isBackingOff;

    final Path folder;
    private final AtomicLong skipped = new AtomicLong();
    volatile Optional<String> minds = Optional.empty();
    volatile boolean isChanging;
    volatile Instant now = Instant.parse("2026-12-01T12:00:00Z");
    volatile String probation = "PT20S";
    volatile String spread = "PT0S";
    volatile boolean hasEngine = true;
    MemoryStore store = new MemoryStore();
    FirmwareResource gateway;
    List<Desired> wanted = List.of();

    Rig(Path folder) throws IOException {
        this.folder = folder;
        this.machine = new AbMachine(folder.resolve("root"));
        this.fleet = new Fleet(machine);
        this.artifacts = new FolderArtifacts(folder.resolve("made"));
        Files.writeString(folder.resolve("gateway.log"), "it went on and on\n");
    }

    /** What can be set, with the defaults of the device where a test needs no other. */
    @SuppressWarnings("ClassExplicitlyAnnotation") // the settings of a component are an annotation
    private final class Settings implements FirmwareResource.Config {
        @Override
        public String engine() {
            return "";
        }

        @Override
        public String probation() {
            return probation;
        }

        @Override
        public String settle() {
            return "PT0.02S";
        }

        @Override
        public String spread() {
            return spread;
        }

        @Override
        public String[] metered() {
            return new String[0];
        }

        @Override
        public int battery() {
            return 0;
        }

        @Override
        public String[] logs() {
            return new String[] {folder.resolve("gateway.log").toString()};
        }

        @Override
        public String[] rebootCommand() {
            return new String[] {"/bin/sh", "-c", "echo down >>" + down()};
        }

        @Override
        public int rounds() {
            return 3;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return FirmwareResource.Config.class;
        }
    }

    private record Known(String name) implements Device {
        @Override
        public Optional<String> place() {
            return Optional.empty();
        }

        @Override
        public String boot() {
            return "0123456789abcdef";
        }

        @Override
        public List<String> scopes() {
            return List.of("dwr", "dwr/311-a1", name);
        }
    }

    private Path down() {
        return folder.resolve("down");
    }

    private Path images() {
        return folder.resolve("artifacts/firmware");
    }

    Path left() {
        return folder.resolve("state/firmware/left");
    }

    /** The gateway's process starts, and is told what is wanted. */
    Rig start() throws IOException {
        startUntold();
        gateway.desired(wanted);
        return this;
    }

    /** The gateway's process starts, and nobody tells it what is wanted. */
    void startUntold() throws IOException {
        Files.deleteIfExists(down());
        GoAhead goAhead = new GoAhead(() -> minds, () -> isChanging, Set.of(), 0, machine.root);
        gateway = new FirmwareResource(
                new Settings(),
                new FirmwareResource.Services(
                        slots.service(), artifacts, fleet, store, new Known("dwr/311-a1/x"), goAhead),
                new Site(machine.root, left(), images(), this, this::nanos, new Random(7), this::rest));
        if (hasEngine) {
            gateway.addEngine(machine, Map.of("gatehouse.engine", "ab"));
        }
    }

    /** It is so much later at once. */
    void later(Duration time) {
        skipped.addAndGet(time.toNanos());
    }

    /** The trial was looked at, and its time is over. */
    void endTrial() throws InterruptedException {
        awaitState("applying prove");
        awaitLooks(2);
        later(Duration.parse(probation));
    }

    /** It is asked so often again how well the gateway is. */
    void awaitLooks(int times) {
        int before = slots.looks.get();
        await().until(() -> slots.looks.get() >= before + times);
    }

    private long nanos() {
        return System.nanoTime() + skipped.get();
    }

    private void rest(Duration time) throws InterruptedException {
        rests.add(time);
        if (time.equals(LONGEST_END) || isBackingOff && time.compareTo(SHORTEST_BACKOFF) >= 0) {
            new CountDownLatch(1)
                    .await(); // until it is interrupted, or this process ends, as a machine that goes down ends it
        }
        Thread.sleep(2); // as long as any time takes here: whoever looks each minute is not to fill the list
    }

    void close() throws InterruptedException {
        if (gateway != null) {
            gateway.close();
        }
    }

    /** The gateway's process ends, and what it had not synced is lost. */
    Rig stop() throws InterruptedException {
        gateway.close();
        store = store.afterPowerCut();
        return this;
    }

    /** The gateway had the machine restart; it does, and the gateway starts again. */
    void restart() throws IOException, InterruptedException {
        awaitDown();
        stop();
        machine.restart();
        start();
    }

    /** Whether the gateway has the machine restart. */
    boolean isDown() {
        return !machine.fuse.isBlown() && Files.exists(down());
    }

    void awaitDown() {
        await().until(this::isDown);
    }

    void awaitState(String state) {
        await(state + ", but: ").until(fleet::state, state::equals);
    }

    /** An image as {@link AbMachine} takes it, in a document. */
    Desired document(String image, Map<String, ?> more) {
        Artifact artifact = artifacts.serve(image);
        String[] words = image.split(" ");
        Map<String, Object> spec = new LinkedHashMap<>(new Firmware(
                        words[0],
                        Long.parseLong(words[1]),
                        AbMachine.COMPATIBLE,
                        artifact,
                        false,
                        false,
                        Optional.empty())
                .write());
        spec.putAll(more);
        return new Desired(TOPIC, 1, Optional.empty(), spec, "digest of " + image + more, Optional.empty());
    }

    /** The fleet wants this now. */
    void want(String image, Map<String, ?> more) {
        want(document(image, more));
    }

    void want(String image) {
        want(image, Map.of());
    }

    void want(Desired... documents) {
        wanted = List.of(documents);
        if (gateway != null) {
            gateway.desired(wanted);
        }
    }

    List<String> images(Path in) throws IOException {
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (var files = Files.list(in)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    List<String> ownImages() throws IOException {
        return images(images());
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new AssertionError("unexpected zone " + zone);
    }
}
