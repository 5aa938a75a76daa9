package io.gatehouse.licensing;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.LicenseState;
import io.gatehouse.protocol.license.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a license stands now, and why.
 *
 * @param license nothing where it could not be read or believed
 * @param left until it ends, or its grace is over; nothing where it does not end
 * @param notice the number of days before its end at which that was noticed, where it is expiring
 * @param meanwhile how it stands with what goes on in its place, where it is not let in
 */
record Standing(
        LicenseState state,
        Optional<License> license,
        Optional<Duration> left,
        Optional<Integer> notice,
        Optional<Refused> refused,
        Optional<Standing> meanwhile) {
    static Standing refused(Optional<License> license, Refused why) {
        return new Standing(
                LicenseState.of(why.reason()),
                license,
                Optional.empty(),
                Optional.empty(),
                Optional.of(why),
                Optional.empty());
    }

    static Standing of(LicenseState state, License license, Optional<Duration> left) {
        return new Standing(state, Optional.of(license), left, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Standing expiring(License license, Duration left, int notice) {
        return new Standing(
                LicenseState.EXPIRING,
                Optional.of(license),
                Optional.of(left),
                Optional.of(notice),
                Optional.empty(),
                Optional.empty());
    }

    Standing whereGoesOn(Standing other) {
        return new Standing(state, license, left, notice, refused, Optional.of(other));
    }

    /** This, and what goes on in its place. */
    Stream<Standing> all() {
        return Stream.concat(Stream.of(this), meanwhile.stream());
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
