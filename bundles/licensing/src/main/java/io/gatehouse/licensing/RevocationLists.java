package io.gatehouse.licensing;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.license.Finding;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Refused.Reason;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.Jwt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Each issuer's last list of what it took back. One that was accepted counts also when it is no longer wanted, or its key is gone: nobody gets a license back by that. */
final class RevocationLists {
    private static final System.Logger LOG = System.getLogger(RevocationLists.class.getName());

    private final Ledger ledger;
    private final Map<String, Revocations> accepted = new TreeMap<>();

    RevocationLists(Ledger ledger) {
        this.ledger = ledger;
        ledger.revocations().forEach((issuer, token) -> {
            try {
                accepted.put(
                        issuer,
                        Revocations.read(Jwt.read(token, Revocations.TYPE).claims()));
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
     * @return why not, by the topic
     */
    Map<String, Refused> accept(List<Desired> all, Verifier verifier) {
        Map<String, Refused> refused = new TreeMap<>();
        for (Desired one : all) {
            accept(one.spec() instanceof String token ? token : "", verifier)
                    .ifPresent(why -> refused.put(one.topic(), why));
        }
        return refused;
    }

    private Optional<Refused> accept(String token, Verifier verifier) {
        if (ledger.revocations().containsValue(token)) {
            return Optional.empty();
        }
        Finding<Revocations> finding = verifier.revocations(token);
        if (finding instanceof Finding.Believed<Revocations> believed) {
            return accept(token, believed);
        }
        return finding instanceof Finding.Rejected<Revocations> rejected
                ? Optional.of(rejected.refused())
                : Optional.empty();
    }

    private Optional<Refused> accept(String token, Finding.Believed<Revocations> believed) {
        Revocations list = believed.claims();
        Optional<Revocations> before = Optional.ofNullable(accepted.get(list.issuer()));
        if (before.filter(one -> one.sequence() > list.sequence()).isPresent()) {
            return Optional.empty(); // of another scope, and older: that it does not count is how it is meant
        }
        if (before.filter(one -> one.sequence() == list.sequence()).isPresent()) {
            return Optional.of(new Refused(
                    Reason.AMBIGUOUS,
                    "its seq is " + list.sequence() + ", as of another list of " + list.issuer()
                            + " that was accepted; issue it with a greater one"));
        }
        if (believed.key().retired()) {
            return Optional.of(new Refused(
                    Reason.RETIRED_KEY,
                    "its key " + believed.key().kid() + " is retired; have it issued by one that is not"));
        }
        accepted.put(list.issuer(), list);
        ledger.putRevocations(list.issuer(), token);
        return Optional.empty();
    }

    /** All that were accepted. */
    List<Revocations> all() {
        return new ArrayList<>(accepted.values());
    }
}
