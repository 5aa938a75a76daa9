package io.gatehouse.licensing;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a license stands now, and why.
 *
 * @param license nothing where it could not be read or believed
 * @param left until it ends, or its grace is over; nothing where it does not end
 * @param notice the number of days before its end at which that was noticed, where it is expiring
 */
record Standing(
        State state,
        Optional<License> license,
        Optional<Duration> left,
        Optional<Integer> notice,
        Optional<Refused> refused) {
    static Standing refused(Optional<License> license, Refused why) {
        return new Standing(State.of(why.reason()), license, Optional.empty(), Optional.empty(), Optional.of(why));
    }

    static Standing of(State state, License license, Optional<Duration> left) {
        return new Standing(state, Optional.of(license), left, Optional.empty(), Optional.empty());
    }

    static Standing expiring(License license, Duration left, int notice) {
        return new Standing(
                State.EXPIRING, Optional.of(license), Optional.of(left), Optional.of(notice), Optional.empty());
    }

    /** When it ends by its own claims, without grace. */
    Optional<Instant> until() {
        return license.flatMap(one -> one.term().expires());
    }

    /** What is told once: another word is another event, and another report. */
    String word() {
        return license.map(one -> one.sequence() + " ").orElse("")
                + state.word()
                + notice.map(days -> "-" + days).orElse("")
                + refused.map(why -> "-" + why.reason().word()).orElse("");
    }
}
