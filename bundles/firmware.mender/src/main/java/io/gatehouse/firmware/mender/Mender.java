package io.gatehouse.firmware.mender;

import io.gatehouse.api.firmware.FirmwareInstaller;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.api.store.Store;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.program.RunningSlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * By <a href="https://mender.io">Mender</a>'s client, driven from its command line and never as a daemon. Since 5.0 it can stop between writing a slot and
 * having it started. Older ones do both at once: then {@link #install} has the new system started next already, whenever the machine
 * restarts, and {@link #activate} does nothing. What is not started after all is rolled back by {@link #markGood}.
 */
@Component(
        configurationPid = "io.gatehouse.firmware.mender",
        property = {"gatehouse.engine=mender"})
public final class Mender implements FirmwareInstaller {
    /** With which it ends where it has nothing to commit, to roll back or to resume. */
    private static final int NOTHING_IN_PROGRESS = 2;

    /** With which it ends where it did its part, and a restart is to follow. */
    private static final int TO_BE_RESTARTED = 4;

    private static final String STOP = "--stop-before";

    private final Settings settings;
    private final Origin origin;

    /** What can be configured. */
    @interface Settings {
        /** The program, by its name or absolute path, and options such as {@code --data}; without any, mender-update or else mender. */
        String[] command() default {};

        /** The longest that each step may take. */
        String longest() default "PT1H";

        /** The file with the line {@code device_type=…}, which is this machine's {@code compatible}. */
        String deviceType() default "/var/lib/mender/device_type";

        /** The types of payload that are firmware: whatever else an artifact may hold is refused, since it may do anything at once. */
        String[] payloads() default {"rootfs-image"};

        /** A program whose last line is the slot that runs; without one it is the block device below {@code /}. */
        String[] slot() default {};
    }

    @Activate
    public Mender(Settings settings, @Reference Store store) {
        this.settings = settings;
        this.origin = new Origin(store);
    }

    @Override
    public RunningSystem running() throws IOException, InterruptedException {
        return new RunningSystem(slot(), deviceType());
    }

    @Override
    public boolean canFallBack() {
        return true;
    }

    /** That it is whole up to its length, and for which machine it is. Mender looks at the signature before it writes, and at the rest while it does. */
    @Override
    public void check(Path image) throws FirmwareRefused, IOException {
        Artifact.read(image).check(deviceType(), List.of(settings.payloads()));
    }

    @Override
    public void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException {
        Program mender = mender();
        endWhatIsInProgress(mender);
        origin.keep(slot());
        List<String> stop = canStop(mender) ? List.of(STOP, "ArtifactInstall_Enter") : List.of();
        Program install = mender.with("install").with(stop).with(image.toString());
        Ended ended = install.reading(image, progress::installed);
        if (!isDone(ended)) {
            throw Complaints.of(ended.output().text()).orElseThrow(() -> install.failure(ended));
        }
    }

    @Override
    public void activate(Path image) throws IOException, InterruptedException {
        Program mender = mender();
        if (canStop(mender)) { // where that was done before, it is at this stop already
            Program resume = mender.with("resume", STOP, "ArtifactCommit_Enter");
            Ended ended = resume.run();
            if (!isDone(ended)) {
                throw resume.failure(ended);
            }
        }
    }

    /** Commits what was installed where it runs. Where what it was installed from runs, that is kept: the other is rolled back. */
    @Override
    public void markGood() throws IOException, InterruptedException {
        Program step = mender().with(origin.is(slot()) ? "rollback" : "commit");
        Ended ended = step.run();
        if (!isDone(ended) && ended.code() != NOTHING_IN_PROGRESS) {
            throw step.failure(ended);
        }
        origin.forget();
    }

    @Override
    public void markBad() throws IOException, InterruptedException {
        Program rollback = mender().with("rollback");
        Ended ended = rollback.run();
        if (!isDone(ended)) {
            throw rollback.failure(ended);
        }
    }

    /** As an installation that was cut short, or one after which the boot loader went back: there is no other before that is ended. */
    private static void endWhatIsInProgress(Program mender) throws IOException, InterruptedException {
        Ended ended = mender.with("rollback").run();
        if (!isDone(ended) && ended.code() != NOTHING_IN_PROGRESS && canStop(mender)) {
            mender.with("resume").run(); // it was ending by itself, which cannot be rolled back
        }
    }

    /** Whether it stops where it is told to. */
    private static boolean canStop(Program mender) throws IOException, InterruptedException {
        return mender.with("install", "--help").run().output().text().contains(STOP);
    }

    private static boolean isDone(Ended ended) {
        return ended.isWell() || (ended.inTime() && ended.code() == TO_BE_RESTARTED);
    }

    private Program mender() throws IOException {
        Program mender = settings.command().length > 0
                ? Program.configured(List.of(settings.command()))
                : Program.find("mender-update")
                        .or(() -> Program.find("mender"))
                        .orElseThrow(
                                () -> new IOException("this machine has neither a program mender-update nor mender"));
        return mender.within(Duration.parse(settings.longest()));
    }

    private String slot() throws IOException, InterruptedException {
        return RunningSlot.of(List.of(settings.slot()));
    }

    private String deviceType() throws IOException {
        Path file = Path.of(settings.deviceType());
        String key = "device_type=";
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IOException(file + " has no line " + key));
    }
}
