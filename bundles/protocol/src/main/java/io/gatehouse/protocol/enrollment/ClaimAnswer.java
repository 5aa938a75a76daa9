package io.gatehouse.protocol.enrollment;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the authority answers to a claim. Nobody signed it: what is in it must prove itself. */
public sealed interface ClaimAnswer permits ClaimAnswer.Issued, ClaimAnswer.Refused {
    /**
     * Here it is.
     *
     * @param certificate the device's, then its issuer's, up to the fleet authority's; in PEM
     */
    record Issued(String certificate) implements ClaimAnswer {}

    /** There is none. */
    record Refused(Problem problem) implements ClaimAnswer {}

    /**
     * Reads an answer.
     *
     * @throws BadArgument if it is none
     */
    static ClaimAnswer read(byte[] payload) {
        Members members = Json.read(payload);
        Optional<Members> problem = members.optionalObject("problem");
        if (problem.isPresent()) {
            Members said = problem.get();
            return new Refused(new Problem(
                    said.string("type"),
                    said.optionalString("title").orElse(""),
                    said.optionalString("detail").orElse("")));
        }
        return new Issued(members.string("certificate"));
    }

    /** The payload. */
    default byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        if (this instanceof Issued issued) {
            members.put("certificate", issued.certificate());
        } else if (this instanceof Refused refused) {
            Map<String, Object> problem = new LinkedHashMap<>();
            problem.put("type", refused.problem().type());
            problem.put("title", refused.problem().title());
            problem.put("detail", refused.problem().detail());
            members.put("problem", problem);
        }
        return Json.write(members);
    }
}
