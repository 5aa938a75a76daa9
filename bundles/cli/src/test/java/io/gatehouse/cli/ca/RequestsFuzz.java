package io.gatehouse.cli.ca;

import io.gatehouse.api.command.BadArgument;

/** A signing request that anybody sends to the authority: it is read, or refused by {@link BadArgument}. */
public final class RequestsFuzz {
    private RequestsFuzz() {}

    /** Reads it. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Object ignored = SigningRequest.read(data).commonName();
        } catch (BadArgument e) {
            String ignored = e.getMessage();
        }
    }
}
