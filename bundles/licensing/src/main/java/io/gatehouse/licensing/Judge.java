package io.gatehouse.licensing;

import io.gatehouse.api.device.Device;
import io.gatehouse.protocol.license.Finding;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.TrustedKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says of each license how it stands with this device, and accepts those that are new. One that is not accepted takes nothing away: what was accepted in its place
 * before, or what it lies over, goes on.
 */
final class Judge {
    private final Device device;
    private final Locks locks;
    private final Ledger ledger;
    private final Course course;
    /** Of one license under several names the first of these counts: once one does, it goes on. */
    private final Comparator<Case> first = Comparator.comparingLong(
                    (Case one) -> -one.license().map(License::sequence).orElse(0L))
            .thenComparing(this::isNew)
            .thenComparing(one -> one.claimed().breadth())
            .thenComparing(Case::name);

    Judge(Device device, Locks locks, Ledger ledger, Course course) {
        this.device = device;
        this.locks = locks;
        this.ledger = ledger;
        this.course = course;
    }

    /** What all are judged by. */
    record Law(Verifier verifier, Collection<Revocations> revocations, Moment moment) {}

    private record Case(Claimed claimed, Finding<License> finding) {
        String name() {
            return claimed.name();
        }

        Optional<License> license() {
            return finding instanceof Finding.Believed<License> believed
                    ? Optional.of(believed.claims())
                    : Optional.empty();
        }
    }

    /** One look at all of them. */
    private record Look(Law law, Set<License.Id> present, Map<License.Id, String> accepted) {}

    /**
     * How all of these stand, by their names.
     *
     * @param all of each name in the order in which they count: the first that is accepted does
     */
    Map<String, Standing> judge(Map<String, List<Claimed>> all, Law law) {
        List<Deque<Case>> open = new ArrayList<>();
        all.values()
                .forEach(claimed -> open.add(claimed.stream()
                        .map(one -> new Case(one, law.verifier().license(one.token())))
                        .collect(Collectors.toCollection(ArrayDeque::new))));
        Look look = new Look(law, present(open), new HashMap<>());
        Map<String, Standing> standings = new TreeMap<>();
        while (!open.isEmpty()) {
            List<Case> next = open.stream().map(Deque::remove).sorted(first).toList();
            Set<String> settled = new HashSet<>();
            for (Case one : next) {
                Standing standing = judge(one, look);
                boolean isAccepted = standing.refused().isEmpty();
                if (isAccepted) {
                    settled.add(one.name());
                }
                standings.merge(one.name(), standing, (first, later) -> isAccepted ? first.whereGoesOn(later) : first);
            }
            open.removeIf(
                    rest -> rest.isEmpty() || settled.contains(rest.element().name()));
        }
        return standings;
    }

    private boolean isNew(Case one) {
        return one.claimed()
                .topic()
                .flatMap(ledger::held)
                .filter(one.claimed().token()::equals)
                .isEmpty();
    }

    private static Set<License.Id> present(List<Deque<Case>> open) {
        return open.stream()
                .flatMap(Deque::stream)
                .flatMap(one -> one.license().stream())
                .map(License::id)
                .collect(Collectors.toSet());
    }

    private Standing judge(Case one, Look look) {
        if (one.finding() instanceof Finding.Rejected<License> rejected) {
            return Standing.refused(Optional.empty(), rejected.refused());
        }
        Finding.Believed<License> believed = (Finding.Believed<License>) one.finding();
        License license = believed.claims();
        Optional<Refused> refused = foreign(one.claimed(), license, look)
                .or(() -> revoked(license, look.law().revocations()))
                .or(() -> ambiguous(one.claimed(), license))
                .or(() -> duplicate(license, look.accepted()))
                .or(() -> accept(one.claimed(), believed, look));
        if (refused.isPresent()) {
            return Standing.refused(Optional.of(license), refused.get());
        }
        look.accepted().put(license.id(), one.name());
        one.claimed()
                .topic()
                .ifPresent(topic -> ledger.hold(topic, one.claimed().token()));
        return course.standing(
                license, ledger.of(license.id()).orElseThrow(), look.law().moment());
    }

    private Optional<Refused> foreign(Claimed claimed, License license, Look look) {
        if (!license.subject().covers(device.name(), device.place())) {
            return refusal(
                    Reason.FOREIGN_DEVICE,
                    "it is for \"" + license.subject() + "\", and this is \"" + device.name() + "\""
                            + device.place()
                                    .map(place -> " at \"" + place + "\"")
                                    .orElse(""));
        }
        return locks.refusal(license, wasAccepted(claimed, license), look.law().moment());
    }

    private boolean wasAccepted(Claimed claimed, License license) {
        return ledger.of(license.id())
                .filter(kept -> kept.sequence() == license.sequence())
                .filter(kept -> kept.claims().equals(claimed.claims()))
                .isPresent();
    }

    private static Optional<Refused> revoked(License license, Collection<Revocations> lists) {
        return lists.stream()
                .flatMap(list -> list.of(license).stream())
                .findFirst()
                .map(one -> new Refused(
                        Reason.REVOKED,
                        license.id().issuer() + " took it back"
                                + one.reason().map(why -> ": " + why).orElse("")));
    }

    private Optional<Refused> ambiguous(Claimed claimed, License license) {
        return ledger.of(license.id())
                .filter(kept -> kept.sequence() == license.sequence())
                .filter(kept -> !kept.claims().equals(claimed.claims()))
                .map(kept -> new Refused(
                        Reason.AMBIGUOUS,
                        "its seq is " + license.sequence()
                                + ", as of one with other claims that was accepted; issue it with a greater one"));
    }

    private static Optional<Refused> duplicate(License license, Map<License.Id, String> accepted) {
        return Optional.ofNullable(accepted.get(license.id()))
                .map(other -> new Refused(
                        Reason.DUPLICATE,
                        license.id() + " is there as \"" + other + "\" too, and counts once; remove one"));
    }

    /** Accepts it where it is new and may come into force; why not, where it must not be in force. */
    private Optional<Refused> accept(Claimed claimed, Finding.Believed<License> believed, Look look) {
        License license = believed.claims();
        Optional<Kept> kept = ledger.of(license.id());
        if (wasAccepted(claimed, license)) {
            return Optional.empty();
        }
        if (kept.isPresent() && kept.get().sequence() > license.sequence()) {
            return refusal(
                    Reason.SUPERSEDED,
                    "its seq is " + license.sequence() + ", and one with "
                            + kept.get().sequence() + " was accepted");
        }
        return hindrance(license, believed.key(), look).or(() -> {
            String claims = claimed.claims();
            Instant begin = course.begin(license, look.law().moment());
            ledger.accept(
                    license.id(),
                    kept.map(before -> before.renewed(license, claims, begin))
                            .orElseGet(() -> Kept.first(license, claims, begin)));
            return Optional.empty();
        });
    }

    private Optional<Refused> hindrance(License license, TrustedKey key, Look look) {
        if (key.retired()) {
            return refusal(
                    Reason.RETIRED_KEY, "its key " + key.kid() + " is retired; have it issued by one that is not");
        }
        Instant now = look.law().moment().time().now();
        Optional<Instant> begin = license.term().notBefore().filter(from -> from.isAfter(now));
        if (begin.isPresent()) {
            return refusal(Reason.NOT_YET, "it begins at " + begin.get() + ", and here it is " + now);
        }
        License.Id id = license.id();
        boolean isRoom = ledger.of(id).isPresent() || ledger.makeRoom(id.issuer(), look.present());
        return isRoom
                ? Optional.empty()
                : refusal(
                        Reason.TOO_MANY,
                        "this device has accepted " + Ledger.SHARE + " licenses of " + id.issuer()
                                + " that are there, or are evaluations; renew one rather than issue another");
    }

    private static Optional<Refused> refusal(Reason reason, String detail) {
        return Optional.of(new Refused(reason, detail));
    }
}
