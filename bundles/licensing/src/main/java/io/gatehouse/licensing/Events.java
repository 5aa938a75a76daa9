package io.gatehouse.licensing;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Times;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.LicenseState;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells the fleet of each change once, through all processes; twice where a power cut or an exchange of the outbox comes between the telling and the keeping of it. */
final class Events {
    private static final String NAME = "license";

    /** Behind a name: what goes on in the place of what has that name. No name ends so. */
    private static final String GOES_ON = "+";

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
                if (!name.endsWith(GOES_ON) && !standings.containsKey(name)) {
                    outbox.event(NAME, body(name, word.license(), "removed"));
                    told.licenses.forget(name);
                }
            });
            standings.forEach((name, standing) -> {
                standing.meanwhile().ifPresent(other -> tellOfWhatGoesOn(name, other));
                tell(name, name, standing);
            });
            forgetWhatDoesNotGoOn(standings);
            tell(lists);
        } finally {
            told.keep();
        }
    }

    /** It was told of already where it stood alone by this name. */
    private void tellOfWhatGoesOn(String name, Standing other) {
        String key = name + GOES_ON;
        Told.Word word = word(other);
        if (told.licenses.of(key).isEmpty() && told.licenses.of(name).equals(Optional.of(word))) {
            told.licenses.set(key, word);
        } else {
            tell(key, name, other);
        }
    }

    private void forgetWhatDoesNotGoOn(Map<String, Standing> standings) {
        Set<String> goingOn = standings.entrySet().stream()
                .filter(one -> one.getValue().meanwhile().isPresent())
                .map(one -> one.getKey() + GOES_ON)
                .collect(Collectors.toSet());
        told.licenses.forEach((key, word) -> {
            if (key.endsWith(GOES_ON) && !goingOn.contains(key)) {
                told.licenses.forget(key);
            }
        });
    }

    private void tell(String key, String name, Standing standing) {
        Told.Word word = word(standing);
        if (told.licenses.of(key).equals(Optional.of(word))) {
            return;
        }
        boolean isRenewal = standing.state().isInForce()
                && Stream.of(name + GOES_ON, name)
                        .flatMap(one -> told.licenses.of(one).stream())
                        .findFirst()
                        .filter(last -> last.license().equals(word.license()) && !isOf(standing, last.what()))
                        .isPresent();
        Map<String, Object> body = body(
                name, word.license(), isRenewal ? "renewed" : standing.state().word());
        standing.license()
                .ifPresent(license ->
                        body.put("features", List.copyOf(license.features().keySet())));
        standing.until().ifPresent(until -> body.put("until", Times.format(until)));
        standing.left().ifPresent(left -> body.put("left", left.toSeconds()));
        standing.refused().ifPresent(why -> body.put("problem", Report.problem(why)));
        outbox.event(NAME, body);
        told.licenses.set(key, word);
    }

    private static Told.Word word(Standing standing) {
        return new Told.Word(standing.license().map(License::id), standing.word());
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
                .filter(one -> one.word().equals(LicenseState.REFUSED.word()))
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
                body.put("state", LicenseState.REFUSED.word());
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
