package io.gatehouse.protocol.trust;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last that was accepted at a topic; to be kept as long as the device lives.
 *
 * @param kid who signed it
 * @param iat when
 * @param payload of these bytes
 */
public record LastAccepted(String kid, Instant iat, Sha256 payload) {
    static LastAccepted of(ProtectedHeader header, byte[] payload) {
        return new LastAccepted(header.kid(), header.iat(), Sha256.of(payload));
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws BadArgument if it is something else
     */
    public static LastAccepted read(Members members) {
        String hex = members.string("payload");
        try {
            Instant iat = Instant.ofEpochSecond(members.integer("iat", 0, ProtectedHeader.LAST_SECOND));
            return new LastAccepted(members.string("kid"), iat, new Sha256(hex));
        } catch (BadArgument e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw members.wrong("payload", hex, "64 lower-case hex digits");
        }
    }

    /** As JSON values. */
    public Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kid", kid);
        members.put("iat", iat.getEpochSecond());
        members.put("payload", payload.hex());
        return members;
    }
}
