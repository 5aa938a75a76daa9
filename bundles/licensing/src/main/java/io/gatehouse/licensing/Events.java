package io.gatehouse.licensing;

import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.Times;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells the fleet of each change of a license once. */
final class Events {
    private static final String NAME = "license";

    private final Outbox outbox;
    private final Ledger ledger;

    /** What was told of those of which the ledger knows nothing, or that are not what it knows, by their names. */
    private final Map<String, String> toldOfOthers = new HashMap<>();

    private Map<String, Standing> before = Map.of();
    private Map<String, Refused> refusedLists = Map.of();

    Events(Outbox outbox, Ledger ledger) {
        this.outbox = outbox;
        this.ledger = ledger;
    }

    /** Tells of each license, by its name, that stands otherwise than was told last, and of each that is gone. */
    void tell(Map<String, Standing> standings) {
        before.forEach((name, standing) -> {
            if (!standings.containsKey(name)) {
                toldOfOthers.remove(name);
                tell("removed", name, standing);
            }
        });
        standings.forEach(this::tell);
        ledger.keep();
        before = Map.copyOf(standings);
    }

    /** Tells of each revocation list that is refused as it was not before. */
    void tellOfLists(List<ListStanding> lists) {
        Map<String, Refused> refused = new HashMap<>();
        lists.stream()
                .filter(one -> one.word().equals(State.REFUSED.word()))
                .forEach(one ->
                        refused.put(one.topic().orElseThrow(), one.refused().orElseThrow()));
        refused.forEach((topic, why) -> {
            if (!why.equals(refusedLists.get(topic))) {
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("revocations", topic);
                body.put("state", State.REFUSED.word());
                body.put("problem", Report.problem(why));
                outbox.event(NAME, body);
            }
        });
        refusedLists = Map.copyOf(refused);
    }

    /** Tells that a clock was set back. */
    void clockSetBack(Instant to, Duration by) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", "clock-set-back");
        body.put("to", Times.format(to));
        body.put("by", by.toSeconds());
        body.put("detail", "the clock was set back by " + by + ", and no license lasts longer for it");
        outbox.event(NAME, body);
    }

    private void tell(String name, Standing standing) {
        Optional<Kept> kept = kept(standing);
        if (kept.isEmpty()) {
            if (!standing.word().equals(toldOfOthers.put(name, standing.word()))) {
                tell(standing.state().word(), name, standing);
            }
            return;
        }
        toldOfOthers.remove(name);
        String word = standing.word();
        String told = kept.get().told();
        if (!word.equals(told)) {
            License license = standing.license().orElseThrow();
            ledger.set(license.id(), kept.get().telling(word));
            boolean isRenewal = !told.isEmpty() && !told.startsWith(license.sequence() + " ");
            tell(
                    isRenewal && standing.state().isInForce()
                            ? "renewed"
                            : standing.state().word(),
                    name,
                    standing);
        }
    }

    /** What the ledger knows of this very license. */
    private Optional<Kept> kept(Standing standing) {
        return standing.state() == State.REFUSED
                ? Optional.empty()
                : standing.license().flatMap(license -> ledger.of(license.id())
                        .filter(kept -> kept.sequence() == license.sequence()));
    }

    private void tell(String state, String name, Standing standing) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("license", name);
        standing.license().ifPresent(license -> {
            body.put("iss", license.id().issuer());
            body.put("jti", license.id().jti());
        });
        body.put("state", state);
        standing.license()
                .ifPresent(license ->
                        body.put("features", List.copyOf(license.features().keySet())));
        standing.until().ifPresent(until -> body.put("until", Times.format(until)));
        standing.left().ifPresent(left -> body.put("left", left.toSeconds()));
        standing.refused().ifPresent(why -> body.put("problem", Report.problem(why)));
        outbox.event(NAME, body);
    }
}
