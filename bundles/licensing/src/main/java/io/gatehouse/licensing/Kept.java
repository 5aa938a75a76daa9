package io.gatehouse.licensing;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.license.License;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is kept of a license that was accepted, also when it is gone: it is the same when it comes again.
 *
 * @param sequence the greatest that was accepted
 * @param claims what {@link Claimed#claims} says of the token that had it
 * @param counted the time up to which it was counted, by its present sequence
 * @param evaluated how long it was evaluated, by any sequence
 * @param grace the grace that it used, by its present sequence
 */
record Kept(long sequence, String claims, Instant counted, Duration evaluated, Duration grace) {
    /** One that nobody knew, accepted at this time. */
    static Kept first(License license, String claims, Instant at) {
        return new Kept(license.sequence(), claims, at, Duration.ZERO, Duration.ZERO);
    }

    /** By a greater sequence, accepted at this time. What was counted and the grace begin anew: only its issuer could do that. */
    Kept renewed(License license, String newClaims, Instant at) {
        return new Kept(license.sequence(), newClaims, at, evaluated, Duration.ZERO);
    }

    Kept counted(Instant upTo) {
        return new Kept(sequence, claims, upTo, evaluated, grace);
    }

    Kept evaluating(Duration more) {
        return new Kept(sequence, claims, counted, evaluated.plus(more), grace);
    }

    Kept usingGrace(Duration more) {
        return new Kept(sequence, claims, counted, evaluated, grace.plus(more));
    }

    static Kept read(byte[] json) {
        Members members = Json.read(json);
        return new Kept(
                members.integer("seq", 1, Long.MAX_VALUE),
                members.string("claims"),
                Instant.ofEpochSecond(members.integer("counted", 0, Long.MAX_VALUE)),
                Duration.ofSeconds(members.integer("evaluated", 0, Long.MAX_VALUE)),
                Duration.ofSeconds(members.integer("grace", 0, Long.MAX_VALUE)));
    }

    byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("seq", sequence);
        members.put("claims", claims);
        members.put("counted", counted.getEpochSecond());
        members.put("evaluated", evaluated.toSeconds());
        members.put("grace", grace.toSeconds());
        return Json.write(members);
    }
}
