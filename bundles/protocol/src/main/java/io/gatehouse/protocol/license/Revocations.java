package io.gatehouse.protocol.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.trust.Jwt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The licenses that an issuer took back: the claims of a token of the type {@link #TYPE}.
 *
 * @param issuer whose licenses these are
 * @param issued when it was signed
 * @param sequence of one issuer's lists the greatest counts
 */
public record Revocations(String issuer, Instant issued, long sequence, List<Revoked> revoked) {
    /** Its token: long enough for some thousand licenses. */
    public static final Jwt.Type TYPE = new Jwt.Type("gatehouse-revocations+jwt", 128 << 10);

    /**
     * One license.
     *
     * @param upTo the last sequence of it that is revoked; all, where there is none
     * @param reason in words for an operator
     */
    public record Revoked(String jti, Optional<Long> upTo, Optional<String> reason) {
        boolean covers(License license) {
            return license.id().jti().equals(jti)
                    && upTo.filter(last -> license.sequence() > last).isEmpty();
        }
    }

    public Revocations {
        revoked = List.copyOf(revoked);
    }

    /**
     * Reads it.
     *
     * @throws BadArgument naming the claim that is missing or will not do
     */
    public static Revocations read(Members claims) {
        List<Revoked> revoked = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Members one : claims.objects("revoked")) {
            String jti = License.jti(one);
            if (!seen.add(jti)) {
                throw new BadArgument(one.path("jti") + " is there twice: " + jti);
            }
            revoked.add(new Revoked(jti, one.optionalInteger("seq", 1, Long.MAX_VALUE), one.optionalString("reason")));
        }
        return new Revocations(
                License.issuer(claims), Seconds.read(claims, "iat"), claims.integer("seq", 1, Long.MAX_VALUE), revoked);
    }

    /** The claims. */
    public Map<String, Object> write() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("iat", issued.getEpochSecond());
        claims.put("seq", sequence);
        claims.put("revoked", revoked.stream().map(Revocations::write).toList());
        return claims;
    }

    /** How a license of this issuer was revoked; nothing where it was not. */
    public Optional<Revoked> of(License license) {
        return license.id().issuer().equals(issuer)
                ? revoked.stream().filter(one -> one.covers(license)).findFirst()
                : Optional.empty();
    }

    private static Map<String, Object> write(Revoked one) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("jti", one.jti());
        one.upTo().ifPresent(last -> members.put("seq", last));
        one.reason().ifPresent(why -> members.put("reason", why));
        return members;
    }
}
