package io.gatehouse.tasks.machine;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.machine.ServiceStatus.State;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** By {@code systemctl}, whose output is that of {@code systemctl show}: one {@code Name=value} a line. */
final class Systemd implements Services {
    private static final String SUFFIX = ".service";
    private static final String PROPERTIES =
            "LoadState,ActiveState,SubState,UnitFileState,MainPID,StateChangeTimestampMonotonic";

    private final Program systemctl;
    private final Clock clock;
    private final LongSupplier nanoTime;

    Systemd(Program systemctl, Clock clock, LongSupplier nanoTime) {
        this.systemctl = systemctl;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public Optional<ServiceStatus> status(String name) throws IOException, InterruptedException {
        Map<String, String> properties = new HashMap<>();
        Ended ended = systemctl
                .with("show", "--no-pager", "--property=" + PROPERTIES, "--", unit(name))
                .lines(line -> {
                    int at = line.indexOf('=');
                    if (at > 0) {
                        properties.put(line.substring(0, at), line.substring(at + 1));
                    }
                });
        if (!ended.isWell() || !properties.containsKey("ActiveState")) {
            throw new IOException("systemctl show " + unit(name) + " " + ended.words() + ": "
                    + ended.output().lastLine());
        }
        return status(properties);
    }

    @Override
    public Optional<String> restart(String name) throws IOException, InterruptedException {
        Ended ended = systemctl
                .within(Duration.ofMinutes(5))
                .with("restart", "--no-ask-password", "--no-pager", "--", unit(name))
                .run();
        return ended.isWell()
                ? Optional.empty()
                : Optional.of("systemctl restart " + unit(name) + " " + ended.words() + ": "
                        + ended.output().text().strip());
    }

    /** Of services alone: {@code reboot.target} is none. */
    private static String unit(String name) {
        return name.endsWith(SUFFIX) ? name : name + SUFFIX;
    }

    private Optional<ServiceStatus> status(Map<String, String> properties) {
        if (properties.getOrDefault("LoadState", "").equals("not-found")) {
            return Optional.empty();
        }
        String active = properties.getOrDefault("ActiveState", "");
        String sub = properties.getOrDefault("SubState", "");
        return Optional.of(new ServiceStatus(
                state(active, sub),
                enabled(properties.getOrDefault("UnitFileState", "")),
                number(properties.getOrDefault("MainPID", "")),
                number(properties.getOrDefault("StateChangeTimestampMonotonic", ""))
                        .map(this::instant),
                Optional.of(active + " (" + sub + ")")));
    }

    private static State state(String active, String sub) {
        return switch (active) {
            case "active", "reloading", "refreshing" -> State.RUNNING;
            case "activating" -> sub.startsWith("auto-restart") ? State.FAILED : State.RUNNING;
            case "failed" -> State.FAILED;
            default -> State.STOPPED;
        };
    }

    /** Of states that are neither, such as {@code static}, it cannot be said. */
    private static Optional<Boolean> enabled(String state) {
        return switch (state) {
            case "enabled", "enabled-runtime" -> Optional.of(true);
            case "disabled", "masked", "masked-runtime" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** 0 is none. */
    private static Optional<Long> number(String text) {
        try {
            long number = Long.parseLong(text);
            return number > 0 ? Optional.of(number) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // [not set]
        }
    }

    /** Microseconds of the monotonic clock, as time of day; what systemd says in words is local time and may be read in two ways. */
    private Instant instant(long micros) {
        return clock.instant().minusNanos(nanoTime.getAsLong() - micros * 1000);
    }
}
