package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.license.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** For how long a license is wanted. */
final class Terms {
    private Terms() {}

    /**
     * The term that these want of a license which is signed then.
     *
     * @throws WrongField if they contradict each other, or it would be over
     */
    static Term read(Fields fields, Instant now) throws WrongField {
        Optional<Instant> from = fields.time(Fields.FROM);
        Instant begin = from.orElse(now);
        Optional<Term.Subscription> subscription = subscription(fields, begin);
        Optional<Duration> evaluation = fields.length(Fields.EVALUATION);
        if (subscription.isPresent() && evaluation.isPresent()) {
            throw new WrongField(
                    Fields.EVALUATION, "and " + Fields.SUBSCRIPTION_UNTIL + " exclude each other: " + evaluation.get());
        }
        Optional<Instant> end = end(fields, begin);
        if (end.isEmpty() && subscription.isPresent()) {
            end = Optional.of(lease(subscription.get(), begin));
        }
        if (end.isPresent() && !end.get().isAfter(now)) {
            throw new WrongField(Fields.UNTIL, "must be later than now, " + now + ": " + end.get());
        }
        Duration grace = fields.length(Fields.GRACE).orElse(Duration.ZERO);
        if (!grace.isZero() && end.isEmpty() && evaluation.isEmpty()) {
            throw new WrongField(Fields.GRACE, "has no meaning where nothing ends: " + Moments.words(grace));
        }
        return of(from, end, subscription, evaluation, grace);
    }

    /** The end that was named; nothing where none was. */
    static Optional<Instant> end(Fields fields, Instant begin) throws WrongField {
        Optional<Instant> until = fields.time(Fields.UNTIL);
        Optional<Duration> lasts = fields.length(Fields.LASTS);
        if (until.isPresent() && lasts.isPresent()) {
            throw new WrongField(Fields.LASTS, "and " + Fields.UNTIL + " exclude each other: " + lasts.get());
        }
        Optional<Instant> end = until.or(() -> lasts.map(begin::plus));
        if (end.isPresent() && !end.get().isAfter(begin)) {
            throw new WrongField(Fields.UNTIL, "must be later than " + begin + ": " + end.get());
        }
        return end;
    }

    /** When a lease ends that begins then. */
    static Instant lease(Term.Subscription subscription, Instant begin) {
        Instant end = begin.plus(subscription.lease());
        return end.isBefore(subscription.until()) ? end : subscription.until();
    }

    /**
     * A term of these parts.
     *
     * @throws WrongField if they contradict each other
     */
    static Term of(
            Optional<Instant> from,
            Optional<Instant> end,
            Optional<Term.Subscription> subscription,
            Optional<Duration> evaluation,
            Duration grace)
            throws WrongField {
        if (subscription.isPresent()
                && end.isPresent()
                && end.get().isAfter(subscription.get().until())) {
            throw new WrongField(
                    Fields.UNTIL,
                    "must not be after the subscription's end, "
                            + subscription.get().until() + ": " + end.get());
        }
        try {
            return new Term(from, end, subscription, evaluation, grace);
        } catch (BadArgument e) {
            throw new WrongField(Fields.UNTIL, "will not do: " + e.getMessage());
        }
    }

    private static Optional<Term.Subscription> subscription(Fields fields, Instant begin) throws WrongField {
        Optional<Instant> until = fields.time(Fields.SUBSCRIPTION_UNTIL);
        Optional<Duration> lease = fields.length(Fields.LEASE);
        if (until.isEmpty() && lease.isEmpty()) {
            return Optional.empty();
        }
        if (until.isEmpty() || lease.isEmpty()) {
            throw new WrongField(
                    until.isEmpty() ? Fields.SUBSCRIPTION_UNTIL : Fields.LEASE,
                    "is missing: a subscription has an end, and leases that are shorter");
        }
        if (!until.get().isAfter(begin)) {
            throw new WrongField(Fields.SUBSCRIPTION_UNTIL, "must be later than " + begin + ": " + until.get());
        }
        return Optional.of(new Term.Subscription(until.get(), lease.get()));
    }
}
