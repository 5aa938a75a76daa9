package io.gatehouse.licensing;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.license.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How far the licenses have come that were accepted: counted by the clock where that can be right, and by running time where it was set back. */
final class Course {
    /** Flash wears out. */
    static final Duration COARSE = Duration.ofHours(1);

    /** So much later something that is to come at a time has certainly come. */
    private static final Duration SURELY = Duration.ofSeconds(1);

    /** Days before its end at which a license is noticed, where it is longer than that. */
    private static final List<Integer> NOTICES = List.of(1, 7, 30);

    private final Ledger ledger;
    private final Map<License.Id, Duration> countedAt = new HashMap<>();
    private final Map<License.Id, State> states = new HashMap<>();
    private Duration lastLook = Duration.ZERO;
    private Duration lastCount = Duration.ZERO;

    Course(Ledger ledger) {
        this.ledger = ledger;
    }

    /** How an accepted license stands. */
    Standing standing(License license, Kept kept, Moment moment) {
        Term term = license.term();
        Optional<Duration> untilEnd = term.expires().map(end -> Duration.between(now(license, kept, moment), end));
        Optional<Duration> evaluation = term.evaluation().map(length -> length.minus(kept.evaluated()));
        Optional<Duration> left =
                Stream.of(untilEnd, evaluation).flatMap(Optional::stream).min(Duration::compareTo);
        if (left.isEmpty()) {
            return Standing.of(State.GRANTED, license, left);
        }
        if (left.get().compareTo(Duration.ZERO) > 0) {
            return running(license, left.get());
        }
        Duration grace = term.grace().minus(kept.grace());
        return grace.compareTo(Duration.ZERO) > 0
                ? Standing.of(State.GRACE, license, Optional.of(grace))
                : Standing.of(State.ENDED, license, Optional.of(Duration.ZERO));
    }

    private static Standing running(License license, Duration left) {
        Duration length = length(license);
        Optional<Integer> notice = NOTICES.stream()
                .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
                .filter(days -> length.compareTo(Duration.ofDays(days)) > 0)
                .findFirst();
        return notice.map(days -> Standing.expiring(license, left, days))
                .orElseGet(() -> Standing.of(
                        isDue(license.term(), left) ? State.DUE : State.GRANTED, license, Optional.of(left)));
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

    /** When to look again at one that stands so: when it may stand otherwise, or is to be counted; nothing where neither ever is. */
    Optional<Duration> next(Standing standing, Moment moment) {
        Optional<Duration> begin = standing.refused()
                .filter(why -> why.reason() == Reason.NOT_YET)
                .flatMap(why -> standing.license())
                .flatMap(license -> license.term().notBefore())
                .map(from -> Duration.between(moment.time().now(), from));
        return begin.or(standing::left).map(left -> soonest(standing, left));
    }

    private static Duration soonest(Standing standing, Duration left) {
        Stream<Duration> lead = standing
                .license()
                .flatMap(license -> license.term().subscription())
                .stream()
                .map(Term.Subscription::lead);
        return Stream.of(Stream.of(Duration.ZERO), NOTICES.stream().map(Duration::ofDays), lead)
                .flatMap(marks -> marks)
                .map(left::minus)
                .filter(mark -> mark.compareTo(Duration.ZERO) > 0)
                .map(mark -> mark.plus(SURELY))
                .filter(mark -> mark.compareTo(COARSE) < 0)
                .min(Duration::compareTo)
                .orElse(COARSE);
    }

    /**
     * Goes on to this moment with those that stand so. What was counted is kept when that was some time ago.
     *
     * @param isLast whether nobody counts on, so that it is kept now
     */
    void count(Iterable<Standing> standings, Moment moment, boolean isLast) {
        Duration since = moment.running().minus(lastLook);
        boolean keep = isLast || moment.running().minus(lastCount).compareTo(COARSE) >= 0;
        for (Standing standing : standings) {
            if (standing.license().isPresent() && standing.left().isPresent()) {
                count(standing, since, moment, keep);
            }
        }
        lastLook = moment.running();
        if (keep) {
            lastCount = moment.running();
            ledger.keep();
        }
    }

    private void count(Standing standing, Duration since, Moment moment, boolean keep) {
        License license = standing.license().orElseThrow();
        Optional<Kept> before = ledger.of(license.id());
        if (before.isEmpty()) {
            return;
        }
        Kept now = passed(license, before.get(), since);
        states.put(license.id(), standing.state());
        if (keep && !isPast(license, now)) {
            now = now.counted(now(license, now, moment));
            countedAt.put(license.id(), moment.running());
        }
        ledger.count(license.id(), now);
    }

    /** With what ran since the last look, as it stood then. */
    private Kept passed(License license, Kept kept, Duration since) {
        State then = states.getOrDefault(license.id(), State.ENDED);
        if (then == State.GRACE) {
            return kept.usingGrace(since);
        }
        return then.isInForce() && license.term().evaluation().isPresent() ? kept.evaluating(since) : kept;
    }

    /** Whether it is counted behind its end already: no clock brings it back, and flash wears out. */
    private static boolean isPast(License license, Kept kept) {
        return license.term()
                .expires()
                .filter(end -> !kept.counted().isBefore(end))
                .isPresent();
    }

    private Instant now(License license, Kept kept, Moment moment) {
        return moment.after(kept.counted(), countedAt.getOrDefault(license.id(), Duration.ZERO));
    }
}
