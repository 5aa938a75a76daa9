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
 * @param until when it ends, without grace; nothing where it does not, or nobody knows
 * @param left until it ends, or its grace is over; nothing where it does not end
 * @param notice the number of days before its end that it was noticed at, where it is expiring
 */
record Standing(
        State state,
        Optional<License> license,
        Optional<Instant> until,
        Optional<Duration> left,
        Optional<Integer> notice,
        Optional<Refused> refused) {
    static Standing refused(Optional<License> license, Refused why) {
        State state =
                switch (why.reason()) {
                    case NO_TRUST, NOT_YET -> State.WAITING;
                    case REVOKED -> State.REVOKED;
                    default -> State.REFUSED;
                };
        return new Standing(state, license, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(why));
    }

    static Standing of(State state, License license, Optional<Instant> until, Optional<Duration> left) {
        return new Standing(state, Optional.of(license), until, left, Optional.empty(), Optional.empty());
    }

    static Standing expiring(License license, Instant until, Duration left, int notice) {
        return new Standing(
                State.EXPIRING,
                Optional.of(license),
                Optional.of(until),
                Optional.of(left),
                Optional.of(notice),
                Optional.empty());
    }

    /** What is told once: another word is another event. */
    String word() {
        return state.word()
                + notice.map(days -> "-" + days).orElse("")
                + refused.map(why -> "-" + why.reason().word()).orElse("");
    }
}
