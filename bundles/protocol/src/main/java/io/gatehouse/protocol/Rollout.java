package io.gatehouse.protocol;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which share of the devices takes part.
 *
 * @param percent 0 to 100
 * @param salt so that not always the same devices go first
 */
public record Rollout(int percent, String salt) {
    /** Everybody. */
    public static final Rollout ALL = new Rollout(100, "");

    static Rollout read(Members members) {
        return new Rollout(
                (int) members.integer("percent", 0, 100),
                members.optionalString("salt").orElse(""));
    }

    /** Whether a device takes part: the first 4 bytes of SHA-256(salt + "/" + device), modulo 100, are below percent. */
    public boolean includes(String device) {
        byte[] hash = Sha256.digest().digest((salt + "/" + device).getBytes(StandardCharsets.UTF_8));
        return Integer.remainderUnsigned(ByteBuffer.wrap(hash).getInt(), 100) < percent;
    }
}
