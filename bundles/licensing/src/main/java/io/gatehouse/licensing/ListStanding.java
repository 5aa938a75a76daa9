package io.gatehouse.licensing;

import io.gatehouse.protocol.license.LicenseState;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Revocations;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a revocation list stands: one that is in force, or a document that is wanted and is not.
 *
 * @param issuer as the list says; as the topic says, where the list could not be read or believed
 * @param sequence nothing where it could not be read or believed
 * @param topic of the document that is not in force
 * @param refused why it is not
 */
record ListStanding(String issuer, Optional<Long> sequence, Optional<String> topic, Optional<Refused> refused) {
    private static final String IN_FORCE = "applied";

    static ListStanding inForce(Revocations list) {
        return new ListStanding(list.issuer(), Optional.of(list.sequence()), Optional.empty(), Optional.empty());
    }

    /** The word in reports. */
    String word() {
        return refused.map(why -> LicenseState.of(why.reason()).word()).orElse(IN_FORCE);
    }

    /** As it is in reports. */
    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("iss", issuer);
        sequence.ifPresent(seq -> body.put("seq", seq));
        body.put("state", word());
        topic.ifPresent(where -> body.put("topic", where));
        refused.ifPresent(why -> body.put("problem", Report.problem(why)));
        return body;
    }
}
