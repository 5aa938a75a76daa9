package com.example.installer;

import com.example.installer.BootEnvironment.State;
import io.gatehouse.api.firmware.FirmwareInstaller;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** A machine with two slots, each a file {@code slot-<name>}, and a boot loader that has its environment in a file. */
@Component(
        configurationPid = "com.example.installer",
        property = {"gatehouse.engine=two-slots"})
public final class TwoSlots implements FirmwareInstaller {
    /** As the boot loader tells the kernel. */
    private static final Pattern RUNNING = Pattern.compile("(?:^|\\s)firmware\\.slot=(a|b)(?:\\s|$)");

    /** Starts that are cut short are no fault of the firmware. */
    private static final int TRIES = 3;

    private final Disk disk;
    private final Path folder;
    private final Path commandLine;
    private final String compatible;
    private final Path key;
    private final BootEnvironment environment;

    /** What can be configured. */
    @interface Settings {
        /** The folder of the slots and of the boot environment, {@code boot.env}. */
        String folder() default "/boot/firmware";

        /** Which images this machine takes. */
        String compatible() default "example-gw";

        /** The file with the public key that signs images: Ed25519, in PEM. */
        String key() default "/etc/firmware.pem";

        /** The file with what the boot loader tells the kernel. */
        String commandLine() default "/proc/cmdline";
    }

    @Activate
    public TwoSlots(Settings settings) {
        this(
                Disk.ofMachine(),
                Path.of(settings.folder()),
                Path.of(settings.commandLine()),
                settings.compatible(),
                Path.of(settings.key()));
    }

    TwoSlots(Disk disk, Path folder, Path commandLine, String compatible, Path key) {
        this.disk = disk;
        this.folder = folder;
        this.commandLine = commandLine;
        this.compatible = compatible;
        this.key = key;
        this.environment = new BootEnvironment(disk, folder.resolve("boot.env"));
    }

    @Override
    public RunningSystem running() throws IOException {
        return new RunningSystem(runningSlot(), compatible);
    }

    @Override
    public boolean canFallBack() {
        return true;
    }

    /** What runs, as an image has it behind its two lines. */
    @Override
    public List<Path> seeds() throws IOException {
        return List.of(file(runningSlot()));
    }

    @Override
    public void check(Path image) throws FirmwareRefused, IOException, InterruptedException {
        checked(image).read((bytes, length, before) -> {});
    }

    /** The machine may be anywhere in this when the power is cut; what is not there yet has another name than the slot. */
    @Override
    public void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException {
        Image checked = checked(image);
        String other = otherSlot();
        State state = environment.read();
        if (state.slot().equals(other)) {
            throw new IOException(
                    "slot " + other + " is what the machine goes back to: what runs is not marked good yet");
        }
        environment.write(State.good(state.slot())); // or what is written now might be started, before it is activated
        Path part = folder.resolve("slot.part");
        try {
            try (OutputStream out = disk.create(part)) {
                checked.read((bytes, length, before) -> {
                    out.write(bytes, 0, length);
                    progress.installed((double) (before + length) / checked.size());
                });
            }
            disk.sync(part);
            disk.rename(part, file(other));
            disk.sync(folder);
        } finally {
            disk.delete(part);
        }
    }

    @Override
    public void activate(Path image) throws FirmwareRefused, IOException {
        Image checked = checked(image);
        String other = otherSlot();
        if (!checked.isIn(file(other))) {
            throw new IOException("slot " + other + " has not what " + image + " has: install it first");
        }
        environment.write(new State(runningSlot(), Optional.of(other), TRIES));
    }

    @Override
    public void markGood() throws IOException {
        environment.write(State.good(runningSlot()));
    }

    @Override
    public void markBad() throws IOException {
        String other = otherSlot();
        if (!Files.exists(file(other))) {
            throw new IOException("slot " + other + " is empty: there is nothing to go back to");
        }
        environment.write(State.good(other));
    }

    private Image checked(Path file) throws FirmwareRefused, IOException {
        Image image = Image.read(file, Keys.read(key));
        if (!image.compatible().equals(compatible)) {
            throw new FirmwareRefused(
                    "wrong-compatible", "it is for " + image.compatible() + ", not for " + compatible);
        }
        return image;
    }

    private String runningSlot() throws IOException {
        Matcher slot = RUNNING.matcher(Files.readString(commandLine));
        if (!slot.find()) {
            throw new IOException(commandLine + " does not say firmware.slot=a or firmware.slot=b");
        }
        return slot.group(1);
    }

    private String otherSlot() throws IOException {
        return runningSlot().equals("a") ? "b" : "a";
    }

    private Path file(String slot) {
        return folder.resolve("slot-" + slot);
    }
}
