package io.gatehouse.firmware.sysupgrade;

import io.gatehouse.api.firmware.FirmwareInstaller;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * By {@code sysupgrade} of <a href="https://openwrt.org">OpenWrt</a>, from 19.07 on: one slot, written over while nothing else runs, and no way back. What
 * must survive goes through memory, so nothing is written unless the gateway's state is among it.
 */
@Component(
        configurationPid = "io.gatehouse.firmware.sysupgrade",
        property = {"gatehouse.engine=sysupgrade"})
public final class SysUpgrade implements FirmwareInstaller {
    private static final String STATE = "gatehouse.state";

    /** {@code sysupgrade} takes an image from there alone: it is in memory. */
    private static final Path MEMORY = Path.of("/tmp");

    /** A slow flash, of which all that is kept is listed. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** A list of what is kept has a path for each file. */
    private static final int LARGEST_LIST = 4 << 20;

    private final Settings settings;
    private final Path state;
    private final List<String> ubus;
    private final List<String> sysupgrade;

    /** What can be configured. */
    @interface Settings {
        /** For sysupgrade: {@code -c} or {@code -o} to keep more than what is named in its lists, {@code -k} to keep a list of packages. */
        String[] options() default {};

        /** Whether the gateway's state lies where sysupgrade does not write, such as another disk, so that it need not be among what is kept. */
        boolean stateApart() default false;
    }

    @Activate
    public SysUpgrade(BundleContext context, Settings settings) {
        this(
                settings,
                Path.of(Optional.ofNullable(context.getProperty(STATE))
                        .orElseThrow(() -> new IllegalStateException("framework property " + STATE + " is missing"))),
                List.of("ubus"),
                List.of("sysupgrade"));
    }

    SysUpgrade(Settings settings, Path state, List<String> ubus, List<String> sysupgrade) {
        this.settings = settings;
        this.state = state;
        this.ubus = ubus;
        this.sysupgrade = sysupgrade;
    }

    /** The slot is what tells one build from another: version, revision and, from 24.10 on, the time of the build. */
    @Override
    public RunningSystem running() throws IOException, InterruptedException {
        Reply board = Reply.of(Program.configured(ubus).with("call", "system", "board"));
        String build = Stream.of("version", "revision", "builddate")
                .flatMap(name -> board.value(name).stream())
                .collect(Collectors.joining(" "));
        String name = board.value("board_name").orElseThrow(() -> board.without("board_name"));
        if (build.isEmpty()) {
            throw board.without("version");
        }
        return new RunningSystem(build, name);
    }

    @Override
    public boolean canFallBack() {
        return false;
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(MEMORY);
    }

    @Override
    public void check(Path image) throws FirmwareRefused, IOException, InterruptedException {
        checkThatStateIsKept();
        Reply reply = Reply.of(Program.configured(ubus)
                .with("call", "system", "validate_firmware_image", "{\"path\": \"" + escaped(image) + "\"}")
                .within(LONGEST));
        Program test = sysupgrade("-T", image.toString());
        Ended tested = test.run();
        if (!reply.isTrue("valid") || !tested.isWell()) {
            String said = tested.output().text().strip().replace("\n", "; ");
            throw new FirmwareRefused(reply.complaint(), "sysupgrade -T " + tested.words() + ": " + said);
        }
        if (!settings.stateApart() && !reply.isTrue("allow_backup")) {
            throw new FirmwareRefused(
                    "state-not-kept", "with this image sysupgrade keeps nothing, and so not " + state + " either");
        }
    }

    /** Writes nothing: see {@link #activate}. */
    @Override
    public void install(Path image, Progress progress) {
        progress.installed(1);
    }

    /**
     * Writes and restarts: ends this process along with all others, after it returned or before. OpenWrt's has the process 1 write, one of a vendor may do so itself:
     * so nothing here ends it once it began, nor begins with another beside it.
     */
    @Override
    public void activate(Path image) throws FirmwareRefused, IOException, InterruptedException {
        checkThatStateIsKept();
        Optional<ProcessHandle> begun = Begun.with(image);
        if (begun.isPresent()) { // by a process of the gateway before this one
            Begun.await(begun.get());
            return;
        }
        Program write = sysupgrade(image.toString());
        Ended ended = write.runUndisturbed();
        if (!ended.isWell()) {
            throw write.failure(ended);
        }
    }

    /** It is all there is. */
    @Override
    public void markGood() {}

    @Override
    public void markBad() throws IOException {
        throw new IOException("OpenWrt has a single slot: there is no system to go back to");
    }

    private void checkThatStateIsKept() throws FirmwareRefused, IOException, InterruptedException {
        if (settings.stateApart()) {
            return;
        }
        if (List.of(settings.options()).contains("-n")) {
            throw new FirmwareRefused(
                    "state-not-kept",
                    "with -n sysupgrade keeps nothing, and so not " + state
                            + " either: configuration io.gatehouse.firmware.sysupgrade: options");
        }
        Program list = sysupgrade("-l").errorsApart().keeping(LARGEST_LIST);
        Ended ended = list.run();
        if (!ended.isWell()) {
            throw list.failure(ended);
        }
        String real = Files.exists(state) ? state.toRealPath() + "/" : state + "/";
        if (ended.output().text().lines().noneMatch(line -> line.startsWith(state + "/") || line.startsWith(real))) {
            throw new FirmwareRefused(
                    "state-not-kept",
                    "sysupgrade -l lists nothing of " + state
                            + ", which would be lost: name it in /etc/sysupgrade.conf, or the image in /lib/upgrade/keep.d");
        }
    }

    private Program sysupgrade(String... arguments) throws IOException {
        return Program.configured(sysupgrade)
                .with(settings.options())
                .with(arguments)
                .within(LONGEST);
    }

    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
