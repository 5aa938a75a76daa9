package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.command.Members;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The arguments of {@code tunnel.open}.
 *
 * @param listen the port on the relay's loopback; 0 where the relay may choose
 */
record Order(
        HostPort relay,
        Optional<Fingerprint> hostKey,
        String user,
        HostPort target,
        int listen,
        Lives lives,
        Optional<String> certificate) {
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@+-]{0,63}");
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST_IDLE = Duration.ofDays(1);
    private static final int LAST_PORT = 65_535;

    /** After so long it ends: in any case, without a byte, and without a link. */
    record Lives(Duration ttl, Duration idle, Duration lost) {}

    /**
     * Reads it.
     *
     * @throws io.gatehouse.api.command.BadArgument naming the argument that will not do
     */
    static Order read(Members arguments, Limits limits) {
        Duration ttl = duration(arguments, "ttl", limits.lives().ttl(), limits.longest());
        return new Order(
                hostPort(arguments, "relay"),
                hostKey(arguments),
                user(arguments),
                hostPort(arguments, "target"),
                (int) arguments.integer("listen", 0, 0, LAST_PORT),
                new Lives(
                        ttl,
                        duration(arguments, "idle", limits.lives().idle(), LONGEST_IDLE),
                        duration(arguments, "lost", ttl, limits.longest())),
                arguments.optionalString("certificate"));
    }

    private static HostPort hostPort(Members arguments, String name) {
        String text = arguments.string(name);
        try {
            return HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw arguments.wrong(name, text, "host:port, for example 127.0.0.1:22 or [::1]:22");
        }
    }

    private static Optional<Fingerprint> hostKey(Members arguments) {
        Optional<String> text = arguments.optionalString("hostKey");
        try {
            return text.map(Fingerprint::new);
        } catch (IllegalArgumentException e) {
            throw arguments.wrong(
                    "hostKey", text.orElse(""), "SHA256: and 43 characters of base64, as ssh-keygen -lf prints it");
        }
    }

    private static String user(Members arguments) {
        String user = arguments.string("user");
        if (!USER.matcher(user).matches()) {
            throw arguments.wrong("user", user, "an account's name at the relay");
        }
        return user;
    }

    private static Duration duration(Members arguments, String name, Duration otherwise, Duration longest) {
        Duration duration = arguments.optionalDuration(name).orElse(otherwise);
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(longest) > 0) {
            throw arguments.wrong(name, duration, "from " + SHORTEST + " to " + longest);
        }
        return duration;
    }
}
