package io.gatehouse.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * What the supervising script says in the environment, and systemd above it. They are the image's, whatever runtime was started, so
 * this is a contract between all of them.
 *
 * @param brokenEnds how many processes in a row ended by themselves
 * @param image the image's folder, whose settings hold also for a runtime in a slot
 * @param slots where the other runtimes are; nothing where the script would start none
 * @param watchdog how long systemd waits for a word before it ends all; nothing where it waits for none. The word counts whoever of
 *     the service's processes says it, so that it is no matter whom WATCHDOG_PID names: that is the script
 */
record Supervisor(int brokenEnds, Optional<Path> image, Optional<Path> slots, Optional<Duration> watchdog) {
    static final Supervisor NONE = new Supervisor(0, Optional.empty(), Optional.empty(), Optional.empty());

    private static final String BROKEN_ENDS = "GATEHOUSE_BROKEN_ENDS";
    private static final String IMAGE = "GATEHOUSE_IMAGE";
    private static final String SLOTS = "GATEHOUSE_SLOTS";
    private static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";
    private static final String WATCHDOG = "WATCHDOG_USEC";

    static Supervisor read(Map<String, String> environment) throws Misuse {
        String ends = environment.getOrDefault(BROKEN_ENDS, "0");
        try {
            return new Supervisor(
                    Integer.parseUnsignedInt(ends),
                    folder(environment, IMAGE),
                    folder(environment, SLOTS),
                    watchdog(environment));
        } catch (NumberFormatException e) {
            throw new Misuse(BROKEN_ENDS + " must be a number, as bin/gatehouse-gateway sets it: " + ends, e);
        }
    }

    private static Optional<Duration> watchdog(Map<String, String> environment) throws Misuse {
        String period = environment.getOrDefault(WATCHDOG, "");
        if (period.isEmpty() || environment.getOrDefault(NOTIFY_SOCKET, "").isEmpty()) {
            return Optional.empty();
        }
        if (!period.matches("[1-9][0-9]{0,13}")) {
            throw new Misuse(WATCHDOG + " must be a number of microseconds, as systemd sets it: " + period);
        }
        return Optional.of(Duration.of(Long.parseLong(period), ChronoUnit.MICROS));
    }

    private static Optional<Path> folder(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
