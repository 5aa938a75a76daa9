package io.gatehouse.licensing;

import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Times;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.LicenseState;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How it stands with all licenses.
 *
 * @param desired what is wanted: the payload's SHA-256 by topic
 * @param wanted the names of the licenses that are wanted, rather than the image's own
 * @param standings of all licenses, by their names
 * @param lists the revocation lists, in the order in which they are told
 * @param granted limits by feature
 * @param asked the features that somebody waits for; kept are those that are not granted, the first of them where they are too many
 * @param hardware the device's fingerprints
 */
record Report(
        Map<String, String> desired,
        Set<String> wanted,
        Map<String, Standing> standings,
        List<ListStanding> lists,
        Map<String, Limits> granted,
        Set<String> asked,
        Set<String> hardware) {
    /** So many fit into a message, and are more than anybody reads. */
    private static final int MOST_ASKED = 256;

    Report {
        desired = new TreeMap<>(desired);
        standings = new TreeMap<>(standings);
        lists = List.copyOf(lists);
        granted = new TreeMap<>(granted);
        asked = unlicensed(asked, granted);
        hardware = new TreeSet<>(hardware);
    }

    private static Set<String> unlicensed(Set<String> asked, Map<String, Limits> granted) {
        return asked.stream()
                .filter(feature -> !granted.containsKey(feature))
                .sorted()
                .limit(MOST_ASKED)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What makes it another report: all of it, but what only passes as time does. */
    List<Object> gist() {
        Map<String, List<String>> words = new TreeMap<>();
        standings.forEach((name, standing) ->
                words.put(name, standing.all().map(Standing::word).toList()));
        return List.of(desired, words, lists, granted, asked, hardware);
    }

    /** As it is published at a moment. */
    Map<String, Object> body(Moment moment) {
        Map<String, Object> body = new LinkedHashMap<>();
        Optional<Trouble> refused = first(LicenseState.REFUSED)
                .or(() -> first(LicenseState.REVOKED))
                .or(() -> firstList(LicenseState.REFUSED));
        Optional<Trouble> trouble =
                refused.or(() -> first(LicenseState.WAITING)).or(() -> firstList(LicenseState.WAITING));
        body.put(
                "state",
                refused.isPresent() ? "refused" : trouble.map(any -> "waiting").orElse("applied"));
        body.put("desired", desired);
        body.put(
                "licenses",
                standings.entrySet().stream()
                        .flatMap(entry -> entry.getValue().all().map(one -> license(entry.getKey(), one)))
                        .toList());
        body.put("revocations", lists.stream().map(ListStanding::body).toList());
        body.put("features", limits(granted));
        body.put("unlicensed", List.copyOf(asked));
        body.put("hardware", List.copyOf(hardware));
        body.put("clock", clock(moment));
        trouble.ifPresent(first -> body.put("problem", first.problem()));
        return body;
    }

    private static Map<String, Object> clock(Moment moment) {
        Map<String, Object> clock = new LinkedHashMap<>();
        clock.put("at", Times.format(moment.time().now()));
        clock.put("known", moment.time().isKnown());
        return clock;
    }

    private record Trouble(String what, Refused why) {
        Map<String, ?> problem() {
            return Reply.write(new Problem(why.reason().word(), what + ": " + why.detail()));
        }
    }

    private Optional<Trouble> first(LicenseState state) {
        return standings.entrySet().stream()
                .filter(entry ->
                        wanted.contains(entry.getKey()) && entry.getValue().state() == state)
                .findFirst()
                .flatMap(entry -> entry.getValue().refused().map(why -> new Trouble("license " + entry.getKey(), why)));
    }

    private Optional<Trouble> firstList(LicenseState state) {
        return lists.stream()
                .filter(one -> one.word().equals(state.word()))
                .findFirst()
                .flatMap(one -> one.refused().map(why -> new Trouble(one.topic().orElseThrow(), why)));
    }

    private static Map<String, Object> license(String name, Standing standing) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        standing.license().ifPresent(license -> {
            body.put("iss", license.id().issuer());
            body.put("jti", license.id().jti());
            body.put("sub", license.subject().path());
            body.put("seq", license.sequence());
        });
        body.put("state", standing.state().word());
        standing.license().map(License::features).ifPresent(features -> body.put("features", limits(features)));
        standing.until().ifPresent(until -> body.put("until", Times.format(until)));
        standing.left().ifPresent(left -> body.put("left", left.toSeconds()));
        standing.refused().ifPresent(why -> body.put("problem", problem(why)));
        return body;
    }

    private static Map<String, Object> limits(Map<String, Limits> features) {
        Map<String, Object> body = new LinkedHashMap<>();
        features.forEach((feature, limits) -> body.put(feature, limits.values()));
        return body;
    }

    static Map<String, ?> problem(Refused why) {
        return Reply.write(new Problem(why.reason().word(), why.detail()));
    }
}
