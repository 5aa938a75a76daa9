package io.gatehouse.cli.license;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Term;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The next sequence of a license. */
public final class Renewal {
    private Renewal() {}

    /** When the next lease of a subscription is to be issued; nothing where there is none to come. */
    public static Optional<Instant> due(License license) {
        Term term = license.term();
        return term.subscription().flatMap(subscription -> term.expires()
                .filter(end -> end.isBefore(subscription.until()))
                .map(end -> end.minus(subscription.lead())));
    }

    /**
     * The same license with another end: the one that is wanted, or that of the subscription's next lease, which begins now. An
     * evaluation for which an end is wanted is none any more.
     *
     * @param fields {@link Fields#UNTIL} or {@link Fields#LASTS}, or neither
     * @throws WrongField if there is no such end
     */
    public static License next(License license, Fields fields, Instant now) throws WrongField {
        Instant signed = now.truncatedTo(ChronoUnit.SECONDS);
        Term term = license.term();
        Instant begin = term.notBefore().filter(from -> from.isAfter(signed)).orElse(signed);
        Optional<Instant> wanted = Terms.end(fields, begin);
        Instant end = wanted.isPresent() ? wanted.get() : lease(license, begin);
        Optional<Duration> noEvaluation = Optional.empty();
        Term next = Terms.of(term.notBefore(), Optional.of(end), term.subscription(), noEvaluation, term.grace());
        return Claims.readable(license.renewed(signed, next));
    }

    private static Instant lease(License license, Instant begin) throws WrongField {
        Optional<Term.Subscription> subscription = license.term().subscription();
        if (subscription.isEmpty()) {
            throw new WrongField(
                    Fields.UNTIL,
                    "is missing: " + license.id() + " is no subscription, so say when it ends, or how long it lasts");
        }
        if (!subscription.get().until().isAfter(begin)) {
            throw new WrongField(
                    Fields.SUBSCRIPTION_UNTIL,
                    "is over: " + license.id() + " ended at "
                            + subscription.get().until() + "; issue another license");
        }
        return Terms.lease(subscription.get(), begin);
    }
}
