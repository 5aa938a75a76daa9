package io.gatehouse.licensing;

import io.gatehouse.protocol.license.HardwareLock;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Refused.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether the hardware is there that licenses are for. Parts of it come late after a start, and a modem that starts anew is gone for a while. */
final class Locks {
    /** So long a license that was accepted with its hardware stands without. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Duration SOONEST = Duration.ofSeconds(10);

    private final Hardware hardware;
    private Set<String> present = Set.of();
    /** Since when the licenses of the last look miss theirs, on the scale of {@link Moment#running}. */
    private Map<License, Duration> missing = new HashMap<>();

    private Map<License, Duration> missedBefore = Map.of();

    Locks(Hardware hardware) {
        this.hardware = hardware;
    }

    /** Looks what is there now. */
    void look() {
        present = hardware.fingerprints();
        missedBefore = missing;
        missing = new HashMap<>();
    }

    /** The device's fingerprints at the last look. */
    Set<String> fingerprints() {
        return present;
    }

    /** Why a license is not for this hardware; nothing where it is. */
    Optional<Refused> refusal(License license, boolean wasAccepted, Moment moment) {
        Optional<HardwareLock> broken = license.lock().filter(lock -> lock.matches(present) < lock.atLeast());
        if (broken.isEmpty()) {
            return Optional.empty();
        }
        Duration since = missedBefore.getOrDefault(license, moment.running());
        missing.put(license, since);
        boolean isForgiven = wasAccepted && moment.running().minus(since).compareTo(PATIENCE) < 0;
        return broken.filter(lock -> !isForgiven)
                .map(lock -> new Refused(
                        Reason.FOREIGN_HARDWARE,
                        "it is for hardware with at least " + lock.atLeast() + " of "
                                + lock.of().size()
                                + " fingerprints, and this has " + lock.matches(present)
                                + " of them; reported/license has those of this device"));
    }

    /** When to look again: the less often the longer something is missing; nothing where nothing is. */
    Optional<Duration> next(Moment moment) {
        return missing.values().stream()
                .map(since -> moment.running().minus(since))
                .min(Duration::compareTo)
                .map(length -> length.compareTo(SOONEST) < 0 ? SOONEST : length)
                .map(length -> length.compareTo(Course.COARSE) > 0 ? Course.COARSE : length);
    }
}
