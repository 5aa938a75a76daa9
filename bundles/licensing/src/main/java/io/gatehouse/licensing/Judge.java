package io.gatehouse.licensing;

import io.gatehouse.api.device.Device;
import io.gatehouse.protocol.license.Finding;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.TrustedKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Says of each license how it stands with this device, and accepts those that are new. */
final class Judge {
    private final Device device;
    private final Set<String> hardware;
    private final Ledger ledger;
    private final Course course;

    /**
     * Judges for a device.
     *
     * @param hardware its fingerprints
     */
    Judge(Device device, Set<String> hardware, Ledger ledger, Course course) {
        this.device = device;
        this.hardware = Set.copyOf(hardware);
        this.ledger = ledger;
        this.course = course;
    }

    private record Case(Claimed claimed, License license, TrustedKey key) {
        /** Of one license under several names the first of these counts. */
        static final Comparator<Case> FIRST = Comparator.comparingLong(
                        (Case one) -> -one.license().sequence())
                .thenComparing(one -> -one.claimed().breadth())
                .thenComparing(one -> one.claimed().name());
    }

    /** How all of these stand, by their names. */
    Map<String, Standing> judge(
            Collection<Claimed> all, Verifier verifier, Collection<Revocations> revocations, Moment moment) {
        Map<String, Standing> standings = new TreeMap<>();
        List<Case> cases = new ArrayList<>();
        for (Claimed claimed : all) {
            Finding<License> finding = verifier.license(claimed.token());
            if (finding instanceof Finding.Believed<License> believed) {
                cases.add(new Case(claimed, believed.claims(), believed.key()));
            } else if (finding instanceof Finding.Rejected<License> rejected) {
                standings.put(claimed.name(), Standing.refused(Optional.empty(), rejected.refused()));
            }
        }
        cases.sort(Case.FIRST);
        Map<License.Id, String> seen = new HashMap<>();
        for (Case one : cases) {
            String name = one.claimed().name();
            Optional<Refused> refused = foreign(one.license())
                    .or(() -> revoked(one.license(), revocations))
                    .or(() -> duplicate(one, seen))
                    .or(() -> accept(one, moment));
            standings.put(
                    name,
                    refused.map(why -> Standing.refused(Optional.of(one.license()), why))
                            .orElseGet(() -> course.standing(one.license(), kept(one.license()), moment)));
        }
        return standings;
    }

    private Kept kept(License license) {
        return ledger.of(license.id()).orElseThrow();
    }

    private Optional<Refused> foreign(License license) {
        if (!license.subject().covers(device.name(), device.place())) {
            return Optional.of(new Refused(
                    Reason.FOREIGN_DEVICE,
                    "it is for \"" + license.subject() + "\", and this is \"" + device.name() + "\""
                            + device.place()
                                    .map(place -> " at \"" + place + "\"")
                                    .orElse("")));
        }
        return license.lock()
                .filter(lock -> lock.matches(hardware) < lock.atLeast())
                .map(lock -> new Refused(
                        Reason.FOREIGN_HARDWARE,
                        "it is for hardware with at least " + lock.atLeast() + " of "
                                + lock.of().size()
                                + " fingerprints, and this has " + lock.matches(hardware)
                                + " of them; reported/license has those of this device"));
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

    private static Optional<Refused> duplicate(Case one, Map<License.Id, String> seen) {
        String other = seen.putIfAbsent(one.license().id(), one.claimed().name());
        return other == null
                ? Optional.empty()
                : Optional.of(new Refused(
                        Reason.DUPLICATE,
                        one.license().id() + " is there as \"" + other + "\" too, and counts once; remove one"));
    }

    /** Accepts it where it is new and may come into force; why not, where it must not be in force. */
    private Optional<Refused> accept(Case one, Moment moment) {
        License license = one.license();
        String token = one.claimed().sha256();
        Optional<Kept> kept = ledger.of(license.id());
        if (kept.isPresent() && kept.get().sequence() > license.sequence()) {
            return refusal(
                    Reason.SUPERSEDED,
                    "its seq is " + license.sequence() + ", and one with "
                            + kept.get().sequence() + " was accepted");
        }
        if (kept.isPresent() && kept.get().sequence() == license.sequence()) {
            return kept.get().token().equals(token)
                    ? Optional.empty()
                    : refusal(
                            Reason.AMBIGUOUS,
                            "its seq is " + license.sequence()
                                    + ", as of one with other claims that was accepted; issue it with a greater one");
        }
        return hindrance(one, kept, moment).or(() -> {
            ledger.accept(
                    license.id(),
                    kept.map(before -> before.renewed(license, token)).orElseGet(() -> Kept.first(license, token)));
            return Optional.empty();
        });
    }

    private Optional<Refused> hindrance(Case one, Optional<Kept> kept, Moment moment) {
        if (one.key().retired()) {
            return refusal(
                    Reason.RETIRED_KEY,
                    "its key " + one.key().kid() + " is retired; have it issued by one that is not");
        }
        if (kept.isEmpty() && !ledger.hasRoom()) {
            return refusal(
                    Reason.TOO_MANY,
                    "this device has accepted " + Ledger.MOST
                            + " licenses already; renew one rather than issue another");
        }
        return one.license()
                .term()
                .notBefore()
                .filter(from -> from.isAfter(moment.time().now()))
                .map(from -> new Refused(
                        Reason.NOT_YET,
                        "it begins at " + from + ", and here it is "
                                + moment.time().now()));
    }

    private static Optional<Refused> refusal(Reason reason, String detail) {
        return Optional.of(new Refused(reason, detail));
    }
}
