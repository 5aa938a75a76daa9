package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.Jwt;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Licenses and revocation lists from nobody: read, or refused by {@link BadArgument}; and never believed. */
public final class LicensesFuzz {
    private static final String HEADER = "{\"alg\":\"EdDSA\",\"kid\":\"k\",\"typ\":\"%s\"}";

    private LicensesFuzz() {}

    /** The bytes as a token, and as the claims of one that nobody signed. */
    public static void fuzzerTestOneInput(byte[] data) {
        Verifier verifier = new Verifier(Optional.empty());
        for (String type : new String[] {License.TYPE, Revocations.TYPE}) {
            String header = Base64Url.encode(HEADER.formatted(type).getBytes(StandardCharsets.US_ASCII));
            String madeUp = header + "." + Base64Url.encode(data) + "." + "A".repeat(86);
            for (String token : new String[] {new String(data, StandardCharsets.ISO_8859_1), madeUp}) {
                if (verifier.license(token) instanceof Finding.Believed<License>
                        || verifier.revocations(token) instanceof Finding.Believed<Revocations>) {
                    throw new AssertionError(token);
                }
            }
            if (madeUp.length() <= Jwt.LONGEST) {
                isWhatItWas(data, type);
            }
        }
    }

    private static void isWhatItWas(byte[] data, String type) {
        try {
            Members claims = Json.readStrict(data);
            if (type.equals(License.TYPE)) {
                License license = License.read(claims);
                assertSame(license, License.read(Json.readStrict(Json.write(license.write()))));
            } else {
                Revocations list = Revocations.read(claims);
                assertSame(list, Revocations.read(Json.readStrict(Json.write(list.write()))));
            }
        } catch (BadArgument e) {
            String ignored = e.getMessage();
        }
    }

    private static void assertSame(Object one, Object other) {
        if (!one.equals(other)) {
            throw new AssertionError(one + " changes when it is written and read");
        }
    }
}
