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
 * @param token SHA-256 of the token that had it, in hex
 * @param accepted when the license first was
 * @param counted the time up to which it was counted, by its present sequence
 * @param grace the grace that it used, by its present sequence
 * @param told the last that was told of it
 */
record Kept(long sequence, String token, Instant accepted, Instant counted, Duration grace, String told) {
    /** One that nobody knew. */
    static Kept first(License license, String token, Instant now) {
        return new Kept(license.sequence(), token, now, Instant.EPOCH, Duration.ZERO, "");
    }

    /** By a greater sequence. What was counted and used begins anew: only its issuer could do that. */
    Kept renewed(License license, String newToken) {
        return new Kept(license.sequence(), newToken, accepted, Instant.EPOCH, Duration.ZERO, told);
    }

    Kept counted(Instant upTo) {
        return new Kept(sequence, token, accepted, upTo, grace, told);
    }

    Kept using(Duration more) {
        return new Kept(sequence, token, accepted, counted, grace.plus(more), told);
    }

    Kept telling(String word) {
        return new Kept(sequence, token, accepted, counted, grace, word);
    }

    static Kept read(byte[] json) {
        Members members = Json.read(json);
        return new Kept(
                members.integer("seq", 1, Long.MAX_VALUE),
                members.string("token"),
                Instant.ofEpochSecond(members.integer("accepted", 0, Long.MAX_VALUE)),
                Instant.ofEpochSecond(members.integer("counted", 0, Long.MAX_VALUE)),
                Duration.ofSeconds(members.integer("grace", 0, Long.MAX_VALUE)),
                members.string("told"));
    }

    byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("seq", sequence);
        members.put("token", token);
        members.put("accepted", accepted.getEpochSecond());
        members.put("counted", counted.getEpochSecond());
        members.put("grace", grace.toSeconds());
        members.put("told", told);
        return Json.write(members);
    }
}
