package io.gatehouse.licensing;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.license.Finding;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.Jwt;
import io.gatehouse.protocol.trust.TrustedKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Each issuer's last list of what it took back. One that was accepted counts also when it is no longer wanted, or its key is gone: nobody gets a license back by that. */
final class RevocationLists {
    private static final System.Logger LOG = System.getLogger(RevocationLists.class.getName());

    private final Ledger ledger;
    /** By their issuers. */
    private final Map<String, Accepted> accepted = new TreeMap<>();

    private record Accepted(String token, Revocations list) {}

    RevocationLists(Ledger ledger) {
        this.ledger = ledger;
        ledger.revocations().forEach((issuer, token) -> {
            try {
                Revocations list =
                        Revocations.read(Jwt.read(token, Revocations.TYPE).claims());
                accepted.put(issuer, new Accepted(token, list));
            } catch (BadArgument e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "cannot read the revocation list of " + issuer + " that was accepted",
                        e);
            }
        });
    }

    /**
     * Accepts what is newer.
     *
     * @return how all stand then: those in force, by their issuers, and then those that are wanted and are not, by their topics
     */
    List<ListStanding> accept(List<Desired> all, Verifier verifier) {
        Map<String, Finding<Revocations>> findings = new TreeMap<>();
        for (Desired one : all) {
            if (!isAccepted(token(one))) {
                findings.computeIfAbsent(token(one), verifier::revocations);
            }
        }
        acceptNewer(findings);
        List<ListStanding> standings = new ArrayList<>();
        accepted.values().forEach(one -> standings.add(ListStanding.inForce(one.list())));
        all.stream()
                .filter(one -> !isAccepted(token(one)))
                .sorted(Comparator.comparing(Desired::topic))
                .flatMap(one -> notInForce(one, findings.computeIfAbsent(token(one), verifier::revocations)).stream())
                .forEach(standings::add);
        return standings;
    }

    /** Of each issuer's the greatest sequence first, so that no order in which they come makes a difference. */
    private void acceptNewer(Map<String, Finding<Revocations>> findings) {
        List<Accepted> newer = new ArrayList<>();
        findings.forEach((token, finding) -> {
            if (finding instanceof Finding.Believed<Revocations> believed
                    && !believed.key().retired()) {
                newer.add(new Accepted(token, believed.claims()));
            }
        });
        newer.sort(Comparator.comparingLong((Accepted one) -> -one.list().sequence()));
        for (Accepted one : newer) {
            Accepted before = accepted.get(one.list().issuer());
            if (before == null || before.list().sequence() < one.list().sequence()) {
                accepted.put(one.list().issuer(), one);
                ledger.putRevocations(one.list().issuer(), one.token());
            }
        }
    }

    /** Nothing where it is the one in force, signed by another key. */
    private Optional<ListStanding> notInForce(Desired document, Finding<Revocations> finding) {
        Optional<String> topic = Optional.of(document.topic());
        if (finding instanceof Finding.Rejected<Revocations> rejected) {
            String issuer = document.name().orElse("");
            return Optional.of(new ListStanding(issuer, Optional.empty(), topic, Optional.of(rejected.refused())));
        }
        Finding.Believed<Revocations> believed = (Finding.Believed<Revocations>) finding;
        Revocations list = believed.claims();
        if (all().contains(list)) {
            return Optional.empty();
        }
        Refused why = hindrance(list, believed.key());
        return Optional.of(new ListStanding(list.issuer(), Optional.of(list.sequence()), topic, Optional.of(why)));
    }

    /** Why one that may be believed was not accepted. */
    private Refused hindrance(Revocations list, TrustedKey key) {
        long inForce = Optional.ofNullable(accepted.get(list.issuer()))
                .map(one -> one.list().sequence())
                .orElse(0L);
        if (inForce > list.sequence()) {
            return new Refused(
                    Reason.SUPERSEDED,
                    "its seq is " + list.sequence() + ", and one with " + inForce
                            + " was accepted; take this document away");
        }
        if (inForce == list.sequence()) {
            return new Refused(
                    Reason.AMBIGUOUS,
                    "its seq is " + list.sequence() + ", as of another list of " + list.issuer()
                            + " that was accepted; issue it with a greater one");
        }
        return new Refused(
                Reason.RETIRED_KEY, "its key " + key.kid() + " is retired; have it issued by one that is not");
    }

    private boolean isAccepted(String token) {
        return accepted.values().stream().anyMatch(one -> one.token().equals(token));
    }

    /** What is no string is no token either, and is refused as such. */
    private static String token(Desired document) {
        return document.spec() instanceof String text ? text : "";
    }

    /** All that were accepted. */
    List<Revocations> all() {
        return accepted.values().stream().map(Accepted::list).toList();
    }
}
