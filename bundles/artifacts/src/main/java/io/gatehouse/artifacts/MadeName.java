package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the file of a made artifact is called: {@code <digest>.<made>.<life>}, the latter in whole seconds. All that has to outlive a power
 * cut is in the name, so that one rename brings it about, and no file system's idea of times matters.
 *
 * @param made by the clock of that moment, since 1970
 * @param life for how long it is kept
 */
record MadeName(Sha256 sha256, Instant made, Duration life) {
    /** Beyond any life, and any time that can be written. */
    private static final long MOST_SECONDS = 9_999_999_999L;

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{64})\\.([0-9]{1,10})\\.([0-9]{1,10})");

    /** With the time and the life in whole seconds: a life rounded up, and bounded by what can be written. */
    static MadeName of(Sha256 sha256, Instant made, Duration life) {
        return new MadeName(
                sha256,
                Instant.ofEpochSecond(bounded(made.getEpochSecond())),
                Duration.ofSeconds(bounded(life.minusNanos(1).toSeconds() + 1)));
    }

    private static long bounded(long seconds) {
        return Math.max(0, Math.min(MOST_SECONDS, seconds));
    }

    /** Reads a file's name; nothing where it is another's. */
    static Optional<MadeName> parse(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches()
                ? Optional.of(new MadeName(
                        new Sha256(matcher.group(1)),
                        Instant.ofEpochSecond(Long.parseLong(matcher.group(2))),
                        Duration.ofSeconds(Long.parseLong(matcher.group(3)))))
                : Optional.empty();
    }

    Instant until() {
        return made.plus(life);
    }

    @Override
    public String toString() {
        return sha256 + "." + made.getEpochSecond() + "." + life.toSeconds();
    }
}
