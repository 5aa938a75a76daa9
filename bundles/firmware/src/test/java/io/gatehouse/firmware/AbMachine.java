package io.gatehouse.firmware;

import io.gatehouse.api.firmware.FirmwareInstaller;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A machine with two slots and a boot loader that tries three times what was activated, and goes back where that was not marked good. Its files are in a folder; an image
 * is one line {@code version sequence what}, where {@code what} is {@code well}, {@code dies} or {@code panics} when it starts, {@code forged}, or {@code poses} as something else.
 */
final class AbMachine implements FirmwareInstaller {
    static final String COMPATIBLE = "dwr-311-a1";

    final Path root;
    final List<String> story = new CopyOnWriteArrayList<>();
    volatile boolean canFallBack = true;
    volatile Optional<Path> folder = Optional.empty();
    volatile Optional<IOException> silence = Optional.empty();
    volatile Optional<CountDownLatch> installing = Optional.empty();
    volatile Optional<CountDownLatch> marking = Optional.empty();
    volatile Optional<IOException> activationFails = Optional.empty();
    volatile Optional<String> activationRefused = Optional.empty();
    volatile Optional<IOException> markingFails = Optional.empty();
    volatile boolean startsWhatItInstalls;
    volatile Optional<IOException> seedsFail = Optional.empty();
    volatile Fuse fuse = new Fuse(0);
    private final Map<String, String> slots = new HashMap<>(Map.of("A", "1.0 100 well", "B", ""));
    private String running = "A";
    private String good = "A";
    private String next = "A";
    private int tries;
    private int boots;

    AbMachine(Path root) throws IOException {
        this.root = root;
        boot("A");
    }

    /** The kernel starts what the boot loader chooses. */
    synchronized void restart() throws IOException {
        story.add("restart");
        while (!next.equals(good) && canFallBack) {
            if (tries-- == 0) {
                next = good;
            } else if (starts(slots.get(next).split(" ")[2])) {
                break;
            }
        }
        boot(next);
    }

    private boolean starts(String what) throws IOException {
        if (what.equals("panics")) {
            Path pstore = Files.createDirectories(root.resolve("sys/fs/pstore"));
            Files.writeString(
                    pstore.resolve("dmesg-ramoops-" + boots),
                    "Panic#1 Part1\n<4>[ 2.1] cpu\n<0>[ 2.2] Kernel panic - not syncing: no init\n");
        }
        return !what.equals("panics") && !what.equals("dies");
    }

    /** The power is cut while it is on trial, so often that the boot loader goes back. */
    synchronized void restartAsItWas() throws IOException {
        story.add("cut");
        next = good;
        boot(good);
    }

    private void boot(String slot) throws IOException {
        boots++;
        running = slot;
        String[] image = (slots.get(slot).endsWith("poses") ? "9.0 900" : slots.get(slot)).split(" ");
        write("etc/os-release", "ID=test\nVERSION_ID=\"" + image[0] + "\"\nGATEHOUSE_FIRMWARE_SEQUENCE=" + image[1]);
        write("proc/sys/kernel/random/boot_id", "boot-" + boots + "\n");
    }

    void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Override
    public synchronized RunningSystem running() throws IOException {
        if (silence.isPresent()) {
            throw silence.get();
        }
        return new RunningSystem(canFallBack ? running : slots.get(running).split(" ")[0], COMPATIBLE);
    }

    @Override
    public boolean canFallBack() {
        return canFallBack;
    }

    @Override
    public Optional<Path> folder() {
        return folder;
    }

    @Override
    public List<Path> seeds() throws IOException {
        if (seedsFail.isPresent()) {
            throw seedsFail.get();
        }
        return List.of(root.resolve("slot-a"));
    }

    @Override
    public void check(Path image) throws FirmwareRefused, IOException {
        story.add("check");
        if (Files.readString(image).contains("forged")) {
            throw new FirmwareRefused("bad-signature", "nobody knows who signed it");
        }
    }

    @Override
    public void install(Path image, Progress progress) throws IOException, InterruptedException {
        fuse.pass();
        String text = Files.readString(image);
        story.add("install " + text.split(" ")[0]);
        progress.installed(0.5);
        if (installing.isPresent()) {
            installing.get().await();
        }
        fuse.pass();
        synchronized (this) {
            slots.put(other(), text);
            if (startsWhatItInstalls) {
                activate();
            }
        }
        fuse.pass();
    }

    @Override
    public synchronized void activate(Path image) throws FirmwareRefused, IOException {
        fuse.pass();
        story.add("activate");
        if (!Files.exists(image)) {
            throw new IOException("there is no " + image);
        }
        if (activationRefused.equals(Optional.of(Files.readString(image).split(" ")[0]))) {
            throw new FirmwareRefused("not-now", "it was refused when it was to be started");
        }
        if (activationFails.isPresent()) {
            throw activationFails.get();
        }
        activate();
        fuse.pass();
    }

    /** It was activated by an installation that said nothing of it. */
    synchronized void activate() {
        next = other();
        tries = 3;
    }

    @Override
    public void markGood() throws IOException, InterruptedException {
        fuse.pass();
        if (silence.isPresent()) {
            throw silence.get();
        }
        if (markingFails.isPresent()) {
            throw markingFails.get();
        }
        synchronized (this) {
            story.add("good");
            good = running;
            next = running;
        }
        if (marking.isPresent()) {
            marking.get().await();
        }
        fuse.pass();
    }

    @Override
    public synchronized void markBad() throws IOException {
        fuse.pass();
        story.add("bad");
        next = good;
        fuse.pass();
    }

    /** What happened last. */
    String last() {
        List<String> all = List.copyOf(story);
        return all.isEmpty() ? "" : all.get(all.size() - 1);
    }

    synchronized String runningSlot() {
        return running;
    }

    synchronized String goodSlot() {
        return good;
    }

    private String other() {
        return running.equals("A") ? "B" : "A";
    }
}
