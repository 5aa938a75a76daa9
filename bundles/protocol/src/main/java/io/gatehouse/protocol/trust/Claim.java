package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;

/** A signature as it arrived, and what it says; not believed yet. */
record Claim(Jws jws, ProtectedHeader header) {
    /**
     * Reads one.
     *
     * @throws BadArgument if it is none
     */
    static Claim read(String compact) {
        Jws jws = Jws.read(compact);
        try {
            return new Claim(jws, ProtectedHeader.read(jws.header()));
        } catch (BadArgument e) {
            throw new BadArgument("jws: its header: " + e.getMessage());
        }
    }
}
