package io.gatehouse.firmware;

import io.gatehouse.protocol.Firmware;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The firmware that runs, as far as it is known: by {@code os-release}, else by what was applied last where that is what runs. */
record RunningFirmware(Optional<String> version, Optional<Long> sequence) {
    private static final System.Logger LOG = System.getLogger(RunningFirmware.class.getName());

    /**
     * Reads it.
     *
     * @param root of the machine's files
     * @param slot that runs, where that is known
     * @param applied last
     */
    static RunningFirmware read(Path root, Optional<String> slot, Optional<Applied> applied) {
        RunningFirmware said = saidBy(root);
        Optional<Release> known = applied.filter(
                        last -> slot.isEmpty() || slot.get().equals(last.slot()))
                .map(Applied::release);
        return new RunningFirmware(
                said.version.or(() -> known.map(Release::version)),
                said.sequence.or(() -> known.map(Release::sequence)));
    }

    /** What {@code os-release} says alone. */
    static RunningFirmware saidBy(Path root) {
        Map<String, String> release = release(root);
        return new RunningFirmware(
                Optional.ofNullable(release.get("VERSION_ID")),
                Optional.ofNullable(release.get("GATEHOUSE_FIRMWARE_SEQUENCE")).flatMap(RunningFirmware::number));
    }

    /** Whether it says of itself that it is something else. Whose image says no sequence may call itself as it likes. */
    boolean contradicts(Release release) {
        return sequence.isPresent()
                && (sequence.get() != release.sequence() || !version.equals(Optional.of(release.version())));
    }

    /** For people. */
    String words() {
        return version.orElse("?") + " (" + sequence.map(String::valueOf).orElse("?") + ")";
    }

    boolean is(Firmware other) {
        return version.equals(Optional.of(other.version())) && sequence.equals(Optional.of(other.sequence()));
    }

    boolean isNewerThan(Firmware other) {
        return sequence.filter(number -> number > other.sequence()).isPresent();
    }

    /** Lines of the form {@code NAME="value"}, quoted or not. */
    private static Map<String, String> release(Path root) {
        Map<String, String> found = new HashMap<>();
        for (String line : lines(root.resolve("etc/os-release"))) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                found.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1)));
            }
        }
        return found;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "it is not known from there which firmware runs", e);
            return List.of();
        }
    }

    private static String unquoted(String value) {
        return value.strip().replaceAll("^[\"']|[\"']$", "");
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException e) {
            LOG.log(System.Logger.Level.WARNING, "GATEHOUSE_FIRMWARE_SEQUENCE of os-release is no number: " + text, e);
            return Optional.empty();
        }
    }
}
