package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Base64Url;
import java.nio.charset.StandardCharsets;

/** A signature and its header: read, or refused by {@link BadArgument}. */
public final class SignaturesFuzz {
    private SignaturesFuzz() {}

    /** Reads the text as a signature, and as the header of one. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        for (String jws : new String[] {text, Base64Url.encode(data) + ".." + "A".repeat(86)}) {
            try {
                ProtectedHeader ignored = ProtectedHeader.read(Jws.read(jws).header());
            } catch (BadArgument e) {
                String ignored = e.getMessage();
            }
        }
    }
}
