package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;

/** The made artifact that a command names. */
final class Named {
    private static final String SHA256 = "sha256";

    private Named() {}

    /**
     * Reads it.
     *
     * @throws io.gatehouse.api.command.BadArgument if it is missing or no digest
     */
    static Sha256 in(Members arguments) {
        String hex = arguments.string(SHA256);
        try {
            return new Sha256(hex);
        } catch (IllegalArgumentException e) {
            throw arguments.wrong(SHA256, hex, "64 lower-case hex digits");
        }
    }

    static Outcome unknown(Sha256 sha256) {
        return Outcome.refused(
                "unknown-artifact",
                sha256 + " is nothing that this device made and still keeps; artifact.list says what is");
    }
}
