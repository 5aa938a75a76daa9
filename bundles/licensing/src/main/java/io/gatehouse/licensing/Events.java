package io.gatehouse.licensing;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Times;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** Tells the fleet of each change once, through all processes; twice where a power cut or an exchange of the outbox comes between the telling and the keeping of it. */
final class Events {
    private static final String NAME = "license";

    private final Outbox outbox;
    private final Told told;
    private final Queue<Map<String, Object>> clocks = new ArrayDeque<>();

    Events(Outbox outbox, Store store) {
        this.outbox = outbox;
        this.told = new Told(store);
    }

    /** A clock was set back, which the next {@link #tell} tells. */
    void clockSetBack(Instant to, Duration by) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", "clock-set-back");
        body.put("to", Times.format(to));
        body.put("by", by.toSeconds());
        body.put("detail", "the clock was set back by " + by + ", and no license lasts longer for it");
        clocks.add(body);
    }

    /**
     * Tells of each license, by its name, that stands otherwise than was told last, of each that is gone, and of each list that is refused as it was not before.
     *
     * @throws IllegalStateException when another outbox has taken the place of this one; what was told until then counts
     */
    void tell(Map<String, Standing> standings, List<ListStanding> lists) {
        try {
            for (Map<String, Object> clock = clocks.peek(); clock != null; clock = clocks.peek()) {
                outbox.event(NAME, clock);
                clocks.remove();
            }
            told.licenses.forEach((name, word) -> {
                if (!standings.containsKey(name)) {
                    outbox.event(NAME, body(name, word.license(), "removed"));
                    told.licenses.forget(name);
                }
            });
            standings.forEach(this::tell);
            tell(lists);
        } finally {
            told.keep();
        }
    }

    private void tell(String name, Standing standing) {
        Optional<License.Id> id = standing.license().map(License::id);
        Told.Word word = new Told.Word(id, standing.word());
        Optional<Told.Word> before = told.licenses.of(name);
        if (before.equals(Optional.of(word))) {
            return;
        }
        boolean isRenewal = standing.state().isInForce()
                && before.filter(last -> last.license().equals(id) && !isOf(standing, last.what()))
                        .isPresent();
        Map<String, Object> body =
                body(name, id, isRenewal ? "renewed" : standing.state().word());
        standing.license()
                .ifPresent(license ->
                        body.put("features", List.copyOf(license.features().keySet())));
        standing.until().ifPresent(until -> body.put("until", Times.format(until)));
        standing.left().ifPresent(left -> body.put("left", left.toSeconds()));
        standing.refused().ifPresent(why -> body.put("problem", Report.problem(why)));
        outbox.event(NAME, body);
        told.licenses.set(name, word);
    }

    /** Whether that was said of this sequence of it. */
    private static boolean isOf(Standing standing, String word) {
        return standing.license()
                .filter(license -> word.startsWith(license.sequence() + " "))
                .isPresent();
    }

    private void tell(List<ListStanding> lists) {
        Map<String, Refused> refused = new HashMap<>();
        lists.stream()
                .filter(one -> one.word().equals(State.REFUSED.word()))
                .forEach(one ->
                        refused.put(one.topic().orElseThrow(), one.refused().orElseThrow()));
        told.lists.forEach((topic, word) -> {
            if (!refused.containsKey(topic)) {
                told.lists.forget(topic);
            }
        });
        refused.forEach((topic, why) -> {
            Told.Word word = new Told.Word(Optional.empty(), digest(why));
            if (!told.lists.of(topic).equals(Optional.of(word))) {
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("revocations", topic);
                body.put("state", State.REFUSED.word());
                body.put("problem", Report.problem(why));
                outbox.event(NAME, body);
                told.lists.set(topic, word);
            }
        });
    }

    private static String digest(Refused why) {
        return Sha256.of((why.reason().word() + " " + why.detail()).getBytes(StandardCharsets.UTF_8))
                .hex();
    }

    private static Map<String, Object> body(String name, Optional<License.Id> license, String state) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("license", name);
        license.ifPresent(id -> {
            body.put("iss", id.issuer());
            body.put("jti", id.jti());
        });
        body.put("state", state);
        return body;
    }
}
