package io.gatehouse.licensing;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.license.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private final Set<License.Id> inGrace = new HashSet<>();
    private Duration lastLook = Duration.ZERO;
    private Duration lastCount = Duration.ZERO;

    Course(Ledger ledger) {
        this.ledger = ledger;
    }

    /** How an accepted license stands. */
    Standing standing(License license, Kept kept, Moment moment) {
        Optional<Instant> end = license.term().end(kept.accepted());
        if (end.isEmpty()) {
            return Standing.of(State.GRANTED, license, end, Optional.empty());
        }
        Duration left = Duration.between(now(license, kept, moment), end.get());
        if (left.compareTo(Duration.ZERO) > 0) {
            return running(license, kept, end.get(), left);
        }
        Duration grace = license.term().grace().minus(kept.grace());
        boolean isOver = grace.compareTo(Duration.ZERO) <= 0;
        return Standing.of(
                isOver ? State.ENDED : State.GRACE, license, end, Optional.of(isOver ? Duration.ZERO : grace));
    }

    private static Standing running(License license, Kept kept, Instant end, Duration left) {
        Duration length = Duration.between(begin(license, kept), end);
        Optional<Integer> notice = NOTICES.stream()
                .filter(days -> left.compareTo(Duration.ofDays(days)) <= 0)
                .filter(days -> length.compareTo(Duration.ofDays(days)) > 0)
                .findFirst();
        if (notice.isPresent()) {
            return Standing.expiring(license, end, left, notice.get());
        }
        return Standing.of(
                isDue(license.term(), end, left) ? State.DUE : State.GRANTED,
                license,
                Optional.of(end),
                Optional.of(left));
    }

    private static boolean isDue(Term term, Instant end, Duration left) {
        return term.subscription()
                .filter(one -> end.isBefore(one.until()) && left.compareTo(one.lead()) <= 0)
                .isPresent();
    }

    private static Instant begin(License license, Kept kept) {
        return license.term().evaluation().isPresent()
                ? kept.accepted()
                : license.term().notBefore().orElse(license.issued());
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

    /** Goes on to this moment with those that stand so. What was counted is kept when that was some time ago, or when nobody will count on. */
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
        Kept now = before.get();
        boolean wasInGrace = !inGrace.add(license.id());
        if (standing.state() != State.GRACE) {
            inGrace.remove(license.id());
        } else if (wasInGrace) {
            now = now.using(since);
        }
        if (keep && !isPast(license, now)) {
            now = now.counted(now(license, now, moment));
            countedAt.put(license.id(), moment.running());
        }
        ledger.set(license.id(), now);
    }

    /** Whether it is counted behind its end already: no clock brings it back, and flash wears out. */
    private static boolean isPast(License license, Kept kept) {
        return license.term()
                .end(kept.accepted())
                .filter(end -> !kept.counted().isBefore(end))
                .isPresent();
    }

    private Instant now(License license, Kept kept, Moment moment) {
        return moment.after(kept.counted(), countedAt.getOrDefault(license.id(), Duration.ZERO));
    }
}
