package io.gatehouse.protocol.enrollment;

import io.gatehouse.api.command.BadArgument;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What travels when a device claims or renews its certificate: it is read, or refused by {@link BadArgument}. */
public final class ClaimsFuzz {
    private ClaimsFuzz() {}

    /** Reads it as a token, a claim and an answer. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            Object ignored = Token.read(new String(data, StandardCharsets.ISO_8859_1));
        } catch (BadArgument e) {
            String ignored = e.getMessage();
        }
        try {
            ClaimRequest request = ClaimRequest.read(data);
            if (!Arrays.equals(
                    request.request(), ClaimRequest.read(request.write()).request())) {
                throw new AssertionError("a claim changes when it is written and read");
            }
        } catch (BadArgument e) {
            String ignored = e.getMessage();
        }
        try {
            ClaimAnswer answer = ClaimAnswer.read(data);
            if (!answer.equals(ClaimAnswer.read(answer.write()))) {
                throw new AssertionError(answer + " changes when it is written and read");
            }
        } catch (BadArgument e) {
            String ignored = e.getMessage();
        }
    }
}
