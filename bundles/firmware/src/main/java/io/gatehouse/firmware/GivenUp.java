package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.Reply;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A wish that is not tried again by itself.
 *
 * @param digest of {@link Wanted}
 * @param state {@code refused} or {@code rolled-back}
 * @param log what is known of it
 */
record GivenUp(String digest, String state, Problem problem, Optional<Artifact> log) {
    static GivenUp refused(String digest, Problem problem) {
        return new GivenUp(digest, "refused", problem, Optional.empty());
    }

    boolean isOf(Wanted wanted) {
        return digest.equals(wanted.digest());
    }

    static GivenUp read(Members members) {
        Members problem = members.object("problem");
        return new GivenUp(
                members.string("digest"),
                members.string("state"),
                new Problem(problem.string("type"), problem.string("title"), problem.string("detail")),
                members.optionalObject("log")
                        .map(log -> new Artifact(
                                new Sha256(log.string("sha256")),
                                log.integer("size", 0, Long.MAX_VALUE),
                                Optional.empty())));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>(report());
        members.put("digest", digest);
        members.put("state", state);
        return members;
    }

    /** The members of a report that tell it. */
    Map<String, Object> report() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("problem", Reply.write(problem));
        log.ifPresent(artifact ->
                members.put("log", Map.of("sha256", artifact.sha256().hex(), "size", artifact.size())));
        return members;
    }
}
