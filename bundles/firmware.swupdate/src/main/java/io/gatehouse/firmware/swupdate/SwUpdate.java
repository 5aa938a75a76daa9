package io.gatehouse.firmware.swupdate;

import io.gatehouse.api.firmware.FirmwareInstaller;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
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

/**
 * By <a href="https://swupdate.org">SWUpdate</a>: an image is checked by a {@code swupdate} that only checks, and written by the one that runs as a
 * daemon, to which {@code swupdate-client} hands it. What is started next is up to the boot loader's environment, which is written here alone: an
 * image's {@code sw-description} must not set it, and the daemon is to run with {@code --no-state-marker} and
 * {@code --no-transaction-marker}, or an installation that was not activated yet may be started.
 */
@Component(
        configurationPid = "io.gatehouse.firmware.swupdate",
        property = {"gatehouse.engine=swupdate"})
public final class SwUpdate implements FirmwareInstaller {
    /** How long the daemon may take to find that a client is gone. */
    private static final Duration LONGEST_END = Duration.ofMinutes(1);

    private final Settings settings;
    private final Duration longestEnd;
    private final BootEnvironment environment;

    /** What can be configured. Programs are named by what is on the path, or by absolute paths, and their arguments follow. */
    @interface Settings {
        /** What checks an image. Options follow as the daemon has them: {@code -k} with the key or the authority, {@code --cert-purpose}, {@code -e}. */
        String[] check() default {"swupdate"};

        /** What hands an image to the daemon. Options may follow: {@code -e} with what it is to select. */
        String[] install() default {"swupdate-client"};

        /** The longest that each of both may take. */
        String longest() default "PT1H";

        /** The file whose first word is the board, as in {@code -H board:revision}; it is this machine's {@code compatible}. */
        String hardware() default "/etc/hwrevision";

        /** A program whose last line is the slot that runs; without one it is the block device below {@code /}. */
        String[] slot() default {};

        /** What takes lines {@code name=value} at its input, and puts all of them into the boot loader's environment by one write. */
        String[] bootEnvironment() default {"fw_setenv", "-s", "-"};

        /** What prints all of that environment as such lines: nothing is written that is so already. */
        String[] readBootEnvironment() default {"fw_printenv"};

        /**
         * Each slot, as the one that runs is called, and the value of {@link #slotVariable} for it: {@code /dev/mmcblk0p2=2}. Without any, the boot
         * loader itself must change to the other slot at {@link #activate} and back at {@link #markBad}.
         */
        String[] slots() default {};

        /** The boot loader's variable for the slot that it starts, where there are {@link #slots}. */
        String slotVariable() default "boot_slot";

        /** What has the boot loader start the other slot on trial: at most {@code bootlimit} times, and then {@code altbootcmd}. */
        String[] activate() default {"ustate=1", "upgrade_available=1", "bootcount=0"};

        /** What has it stay with the slot that runs. */
        String[] markGood() default {"ustate=0", "upgrade_available=0", "bootcount=0"};

        /** What has it start the other slot for good, since the one that runs failed. */
        String[] markBad() default {"ustate=3", "upgrade_available=0", "bootcount=0"};
    }

    /**
     * As it is configured.
     *
     * @throws IllegalArgumentException where that is wrong
     */
    @Activate
    public SwUpdate(Settings settings) {
        this(settings, LONGEST_END);
    }

    /**
     * As it is configured.
     *
     * @param longestEnd how long the daemon may go on with what is no longer wanted
     */
    SwUpdate(Settings settings, Duration longestEnd) {
        this.settings = settings;
        this.longestEnd = longestEnd;
        this.environment = new BootEnvironment(
                List.of(settings.bootEnvironment()),
                List.of(settings.readBootEnvironment()),
                settings.slotVariable(),
                List.of(settings.slots()));
    }

    @Override
    public RunningSystem running() throws IOException, InterruptedException {
        String[] words = Files.readString(Path.of(settings.hardware())).strip().split("\\s+", 2);
        if (words[0].isEmpty()) {
            throw new IOException(settings.hardware() + " names no board");
        }
        return new RunningSystem(slot(), words[0]);
    }

    @Override
    public boolean canFallBack() {
        return true;
    }

    /** The slot that runs, where it is called by its device. Of use where an image holds it as it is there: a raw one that is not compressed. */
    @Override
    public List<Path> seeds() throws IOException, InterruptedException {
        String slot = slot();
        return slot.startsWith("/") ? List.of(Path.of(slot)) : List.of();
    }

    @Override
    public void check(Path image) throws FirmwareRefused, IOException, InterruptedException {
        // Whatever it is asked for, it opens the daemon's sockets, and deletes them at its end: its own ones here.
        try (Apart apart = new Apart()) {
            Program swupdate = program(List.of("env", "TMPDIR=" + apart.folder()))
                    .with(program(List.of(settings.check())).command());
            Ended ended = swupdate.with("-c", "-i", image.toString()).run();
            if (!ended.isWell()) {
                throw Complaints.of(ended.output().text()).orElseThrow(() -> swupdate.failure(ended));
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>The daemon goes on for a moment after an interrupt, or to its end with what it has whole, which is waited for; where that takes longer than a
     * minute, an {@link IOException} says so.
     */
    @Override
    public void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException {
        Program client = program(List.of(settings.install()));
        Ended ended;
        try {
            ended = client.with(image.toString()).reading(image, progress::installed);
        } catch (InterruptedException e) {
            new Daemon(client).awaitIdle(longestEnd);
            throw e;
        }
        String said = ended.output().text();
        if (Daemon.isBusy(said)) {
            throw new IOException("no swupdate takes the image: none runs, or it installs another; "
                    + client.failure(ended).getMessage());
        }
        if (!ended.isWell()) {
            throw Complaints.of(said).orElseThrow(() -> client.failure(ended));
        }
    }

    @Override
    public void activate(Path image) throws IOException, InterruptedException {
        environment.other(List.of(settings.activate()), slot());
    }

    @Override
    public void markGood() throws IOException, InterruptedException {
        environment.same(List.of(settings.markGood()), slot());
    }

    @Override
    public void markBad() throws IOException, InterruptedException {
        environment.other(List.of(settings.markBad()), slot());
    }

    private String slot() throws IOException, InterruptedException {
        return RunningSlot.of(List.of(settings.slot()));
    }

    private Program program(List<String> command) throws IOException {
        return Program.configured(command).within(Duration.parse(settings.longest()));
    }
}
