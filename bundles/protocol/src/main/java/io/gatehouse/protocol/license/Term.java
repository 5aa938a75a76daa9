package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * For how long a license is in force.
 *
 * @param notBefore from when; always, where there is none
 * @param expires until when; for ever, where there is none
 * @param subscription how it goes on behind that
 * @param evaluation how long at most, in time in which the gateway runs
 * @param grace how long it goes on behind its end, in time in which the gateway runs
 */
public record Term(
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        Optional<Subscription> subscription,
        Optional<Duration> evaluation,
        Duration grace) {
    /** For ever. */
    public static final Term PERPETUAL =
            new Term(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ZERO);

    private static final Duration LONGEST = Duration.ofDays(36_600);

    /**
     * A license that is renewed before it ends.
     *
     * @param until when the subscription ends: no lease is longer
     * @param lease how long one renewal is good for
     */
    public record Subscription(Instant until, Duration lease) {
        /** How long before the end of a lease the next one is due. */
        public Duration lead() {
            return lease.dividedBy(3);
        }
    }

    /**
     * Checks it.
     *
     * @throws BadArgument where its parts contradict each other
     */
    public Term {
        notBefore.ifPresent(from -> expires.filter(end -> !end.isAfter(from)).ifPresent(end -> {
            throw new BadArgument("exp must be after nbf " + from.getEpochSecond() + ": " + end.getEpochSecond());
        }));
        if (subscription.isPresent() && evaluation.isPresent()) {
            throw new BadArgument("a license is a subscription or an evaluation, and not both");
        }
        if (subscription.isPresent() && expires.isEmpty()) {
            throw new BadArgument("exp is missing: a subscription's lease ends");
        }
        subscription.ifPresent(
                one -> expires.filter(end -> end.isAfter(one.until())).ifPresent(end -> {
                    throw new BadArgument("exp must not be after subscription.until "
                            + one.until().getEpochSecond() + ": " + end.getEpochSecond());
                }));
        if (expires.isEmpty() && evaluation.isEmpty() && !grace.isZero()) {
            throw new BadArgument("grace has no meaning where nothing ends: " + grace);
        }
    }

    static Term read(Members claims) {
        return new Term(
                Seconds.optional(claims, "nbf"),
                Seconds.optional(claims, "exp"),
                claims.optionalObject("subscription")
                        .map(one -> new Subscription(Seconds.read(one, "until"), duration(one, "lease", 60))),
                claims.has("evaluation") ? Optional.of(duration(claims, "evaluation", 60)) : Optional.empty(),
                claims.has("grace") ? duration(claims, "grace", 0) : Duration.ZERO);
    }

    /** In the order of the protocol. */
    void write(Map<String, Object> claims) {
        notBefore.ifPresent(from -> claims.put("nbf", from.getEpochSecond()));
        expires.ifPresent(end -> claims.put("exp", end.getEpochSecond()));
        subscription.ifPresent(one -> {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("until", one.until().getEpochSecond());
            members.put("lease", one.lease().toString());
            claims.put("subscription", members);
        });
        evaluation.ifPresent(length -> claims.put("evaluation", length.toString()));
        if (!grace.isZero()) {
            claims.put("grace", grace.toString());
        }
    }

    private static Duration duration(Members members, String name, long leastSeconds) {
        Duration duration =
                members.optionalDuration(name).orElseThrow(() -> new BadArgument(members.path(name) + " is missing"));
        if (duration.toSeconds() < leastSeconds || duration.compareTo(LONGEST) > 0) {
            throw members.wrong(
                    name, duration, "from " + Duration.ofSeconds(leastSeconds) + " to P" + LONGEST.toDays() + "D");
        }
        return duration;
    }
}
