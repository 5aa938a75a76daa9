package io.gatehouse.tunnel.ssh;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The settings, read.
 *
 * @param targets where tunnels may lead whatever bundles there are
 * @param bandwidth bytes per second each way, 0 without limit
 */
record Limits(
        Set<HostPort> targets,
        int tunnels,
        int connections,
        long bandwidth,
        Duration longest,
        Lives lives,
        Heartbeat heartbeat) {
    static final String PID = "io.gatehouse.tunnel.ssh";
    private static final int MOST_TUNNELS = 16;
    private static final int MOST_CONNECTIONS = 256;
    private static final int LEAST_BANDWIDTH = 1024;
    private static final Duration DAY = Duration.ofDays(1);

    /** How long a tunnel lives, and without a byte, where it is not said. */
    record Lives(Duration ttl, Duration idle) {}

    /**
     * How a relay is watched.
     *
     * @param keepalive the silence after which it is asked
     * @param patience for each step of opening, and with a target for what is left
     */
    record Heartbeat(Duration keepalive, Duration patience) {}

    Limits {
        targets = Set.copyOf(targets);
    }

    /** Those of who may open nothing. */
    static Limits none() {
        return new Limits(
                Set.of(),
                0,
                0,
                0,
                Duration.ZERO,
                new Lives(Duration.ZERO, Duration.ZERO),
                new Heartbeat(Duration.ZERO, Duration.ZERO));
    }

    /**
     * Reads settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and what would do
     */
    static Limits read(Settings settings) {
        Duration longest = duration("longest", settings.longest(), Duration.ofSeconds(1), Duration.ofDays(7));
        return new Limits(
                targets(settings.targets()),
                (int) within("tunnels", settings.tunnels(), 1, MOST_TUNNELS),
                (int) within("connections", settings.connections(), 1, MOST_CONNECTIONS),
                bandwidth(settings.bandwidth()),
                longest,
                new Lives(
                        duration("ttl", settings.ttl(), Duration.ofSeconds(1), longest),
                        duration("idle", settings.idle(), Duration.ofSeconds(1), DAY)),
                new Heartbeat(
                        duration("keepalive", settings.keepalive(), Duration.ofMillis(100), Duration.ofHours(1)),
                        duration("patience", settings.patience(), Duration.ofMillis(100), Duration.ofMinutes(10))));
    }

    private static Set<HostPort> targets(String[] texts) {
        Set<HostPort> targets = new LinkedHashSet<>();
        for (String text : texts) {
            try {
                targets.add(HostPort.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(PID + ": targets " + e.getMessage(), e);
            }
        }
        return targets;
    }

    private static long bandwidth(long value) {
        return value == 0 ? 0 : within("bandwidth", value, LEAST_BANDWIDTH, Long.MAX_VALUE / 2);
    }

    private static long within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    PID + ": " + name + " must be from " + least + " to " + most + ": " + value);
        }
        return value;
    }

    private static Duration duration(String name, String text, Duration least, Duration most) {
        Duration value;
        try {
            value = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(PID + ": " + name + " must be a duration such as PT30S: " + text, e);
        }
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    PID + ": " + name + " must be from " + least + " to " + most + ": " + text);
        }
        return value;
    }
}
