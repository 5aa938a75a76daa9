package io.gatehouse.protocol.license;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.trust.ProtectedHeader;
import java.time.Instant;
import java.util.Optional;

/** Times in a token: whole seconds since 1970 (NumericDate of RFC 7519). */
final class Seconds {
    private Seconds() {}

    static Instant read(Members claims, String name) {
        return Instant.ofEpochSecond(claims.integer(name, 0, ProtectedHeader.LAST_SECOND));
    }

    static Optional<Instant> optional(Members claims, String name) {
        return claims.optionalInteger(name, 0, ProtectedHeader.LAST_SECOND).map(Instant::ofEpochSecond);
    }
}
