package io.gatehouse.licensing;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.LicenseState;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.license.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How far the licenses have come that were accepted: counted by a clock that has proved right, and by running time where none has. */
final class Course {
    /** Flash wears out. */
    static final Duration COARSE = Duration.ofHours(1);

    /** So much later something that is to come at a time has certainly come. */
    private static final Duration SURELY = Duration.ofSeconds(1);

    /** How long a clock that the network sets may have been right before it is noticed: until it is known, and in the first hour of a process. */
    private static final Duration UNNOTICED = Duration.ofMinutes(1);

    /** When what was counted is kept first, in a process that may not become an hour old. */
    private static final List<Duration> EARLY =
            Stream.of(1, 5, 15, 30, 60).map(Duration::ofMinutes).toList();

    /** Days before its end at which a license is noticed, where it is longer than that. */
    private static final List<Integer> NOTICES = List.of(1, 7, 30);

    private final Ledger ledger;
    private final ProvenTime proven;
    private final Map<License.Id, Duration> countedAt = new HashMap<>();
    /** How those stood at the last look that are counted. */
    private Map<License, LicenseState> states = Map.of();

    private Duration lastLook = Duration.ZERO;
    private Duration keepAt = EARLY.get(0);

    Course(Ledger ledger, ProvenTime proven) {
        this.ledger = ledger;
        this.proven = proven;
    }

    /**
     * From when a license is counted that is accepted now.
     *
     * @return what is certainly over: it was not issued in the future either
     */
    Instant begin(License license, Moment moment) {
        countedAt.put(license.id(), moment.running());
        Instant over = proven.at(moment);
        return over.isAfter(license.issued()) ? over : license.issued();
    }

    /** How an accepted license stands. */
    Standing standing(License license, Kept kept, Moment moment) {
        Term term = license.term();
        Optional<Duration> untilEnd = term.expires().map(end -> Duration.between(now(license, kept, moment), end));
        Optional<Duration> evaluation = term.evaluation().map(length -> length.minus(kept.evaluated()));
        Optional<Duration> left =
                Stream.of(untilEnd, evaluation).flatMap(Optional::stream).min(Duration::compareTo);
        if (left.isEmpty()) {
            return Standing.of(LicenseState.GRANTED, license, left);
        }
        if (left.get().compareTo(Duration.ZERO) > 0) {
            return running(license, left.get());
        }
        Duration grace = term.grace().minus(kept.grace());
        return grace.compareTo(Duration.ZERO) > 0
                ? Standing.of(LicenseState.GRACE, license, Optional.of(grace))
                : Standing.of(LicenseState.ENDED, license, Optional.of(Duration.ZERO));
    }

    private static Standing running(License license, Duration left) {
        Duration length = length(license);
        Optional<Integer> notice = NOTICES.stream()
                .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
                .filter(days -> length.compareTo(Duration.ofDays(days)) > 0)
                .findFirst();
        return notice.map(days -> Standing.expiring(license, left, days))
                .orElseGet(() -> Standing.of(
                        isDue(license.term(), left) ? LicenseState.DUE : LicenseState.GRANTED,
                        license,
                        Optional.of(left)));
    }

    private static boolean isDue(Term term, Duration left) {
        return term.subscription()
                .filter(one ->
                        term.expires().filter(end -> end.isBefore(one.until())).isPresent())
                .filter(one -> left.compareTo(one.lead()) <= 0)
                .isPresent();
    }

    private static Duration length(License license) {
        Term term = license.term();
        Instant begin = term.notBefore().orElse(license.issued());
        return Stream.of(term.expires().map(end -> Duration.between(begin, end)), term.evaluation())
                .flatMap(Optional::stream)
                .min(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** When to look again at those that stand so: when one may stand otherwise, or is to be counted; nothing where none ever is. */
    Optional<Duration> next(Collection<Standing> standings, Moment moment) {
        Stream<Duration> marks = standings.stream().flatMap(standing -> marks(standing, moment));
        boolean isCounted = standings.stream().anyMatch(one -> one.left().isPresent());
        Stream<Duration> keep = isCounted ? Stream.of(keepAt.minus(moment.running())) : Stream.of();
        boolean isEnding = standings.stream()
                .anyMatch(one -> one.left().isPresent() && one.until().isPresent());
        Stream<Duration> clock = isEnding && !moment.time().isKnown() ? Stream.of(UNNOTICED) : Stream.of();
        return Stream.of(marks, keep, clock)
                .flatMap(waits -> waits)
                .filter(wait -> wait.compareTo(Duration.ZERO) > 0)
                .min(Duration::compareTo);
    }

    private static Stream<Duration> marks(Standing standing, Moment moment) {
        Optional<Instant> begin = standing.refused()
                .filter(why -> why.reason() == Reason.NOT_YET)
                .flatMap(why -> standing.license())
                .flatMap(license -> license.term().notBefore());
        if (begin.isPresent()) {
            Duration wait = Duration.between(moment.time().now(), begin.get()).plus(SURELY);
            boolean isSettled = moment.time().isKnown() && moment.running().compareTo(COARSE) >= 0;
            return Stream.of(isSettled ? COARSE : UNNOTICED, wait);
        }
        Stream<Duration> lead = standing
                .license()
                .flatMap(license -> license.term().subscription())
                .stream()
                .map(Term.Subscription::lead);
        return standing.left().stream().flatMap(left -> Stream.of(
                        Stream.of(Duration.ZERO), NOTICES.stream().map(Duration::ofDays), lead)
                .flatMap(marks -> marks)
                .map(left::minus)
                .filter(mark -> mark.compareTo(Duration.ZERO) > 0)
                .map(mark -> mark.plus(SURELY)));
    }

    /** Goes on to this moment with those that stood at the last look, also with one that is gone now. */
    void pass(Moment moment) {
        Duration since = moment.running().minus(lastLook);
        states.forEach((license, then) -> ledger.of(license.id())
                .ifPresent(kept -> ledger.count(license.id(), passed(license, then, kept, since))));
        lastLook = moment.running();
    }

    private static Kept passed(License license, LicenseState then, Kept kept, Duration since) {
        if (then == LicenseState.GRACE) {
            return kept.usingGrace(since);
        }
        return then.isInForce() && license.term().evaluation().isPresent() ? kept.evaluating(since) : kept;
    }

    /**
     * From now on these stand so. What was counted is kept when that was some time ago.
     *
     * @param isLast whether nobody counts on, so that it is kept now
     */
    void stand(Collection<Standing> standings, Moment moment, boolean isLast) {
        Map<License, LicenseState> counted = new HashMap<>();
        standings.stream()
                .filter(one -> one.left().isPresent())
                .forEach(one -> counted.put(one.license().orElseThrow(), one.state()));
        states = counted;
        if (isLast || moment.running().compareTo(keepAt) >= 0) {
            counted.keySet().forEach(license -> count(license, moment));
            keepAt = keepAfter(moment.running());
            ledger.keepCounted();
            if (!counted.isEmpty()) {
                proven.keep(moment);
            }
        }
    }

    private static Duration keepAfter(Duration running) {
        return EARLY.stream()
                .filter(early -> early.compareTo(running) > 0)
                .findFirst()
                .orElseGet(() -> running.plus(COARSE));
    }

    private void count(License license, Moment moment) {
        ledger.of(license.id()).filter(kept -> !isPast(license, kept)).ifPresent(kept -> {
            Instant still = running(license, kept, moment);
            Instant over = proven.at(moment);
            ledger.count(license.id(), kept.counted(still.isAfter(over) ? still : over));
            countedAt.put(license.id(), moment.running());
        });
    }

    /** Whether it is counted behind its end already: no clock brings it back, and flash wears out. */
    private static boolean isPast(License license, Kept kept) {
        return license.term()
                .expires()
                .filter(end -> !kept.counted().isBefore(end))
                .isPresent();
    }

    /** What was counted, and the time since. */
    private Instant running(License license, Kept kept, Moment moment) {
        Duration since = countedAt.getOrDefault(license.id(), Duration.ZERO);
        return kept.counted().plus(moment.running().minus(since));
    }

    private Instant now(License license, Kept kept, Moment moment) {
        Instant still = running(license, kept, moment);
        return still.isAfter(moment.time().now()) ? still : moment.time().now();
    }
}
